// Any bytes are a layer tar or Error corrupt.

#include "fuzz/target.hpp"
#include "strata/content/tar.hpp"

void strata::fuzz::try_input(std::string_view input) {
  ViewSource source(input);
  TarReader reader(source);
  while (reader.next()) {
  }
  reader.drain();
}
