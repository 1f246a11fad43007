#pragma once
/// Bytes to compress, and other programs to compress and decompress them.

#include <cstdlib>
#include <random>
#include <string>

#include "strata/base/io.hpp"
#include "strata/content/compression.hpp"
#include "unit/scratch_directory.hpp"

namespace strata::test {

/// Text-like bytes with some noise in them: neither empty of redundancy nor full of it.
inline std::string sample(std::size_t size, unsigned seed = 1) {
  static constexpr std::string_view words[] = {"layer ", "digest ", "config\n", "the ",
                                               "of a ",  "usr/lib", "\0\0\0\0", "0644 "};
  std::mt19937 random(seed);
  std::string bytes;
  bytes.reserve(size + 16);
  while (bytes.size() < size) {
    if (random() % 4 == 0)
      bytes += static_cast<char>(random());
    else
      bytes += words[random() % 8];
  }
  bytes.resize(size);
  return bytes;
}

inline std::string noise(std::size_t size, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

struct Compressed {
  std::string bytes;
  ChunkTable table;
};

inline Compressed compress(std::string_view bytes, const Compression& compression,
                           unsigned threads = 2, std::size_t piece = 64 << 10) {
  WorkerPool pool(threads);
  StringSink out;
  CompressingSink sink(out, compression, pool);
  for (std::size_t at = 0; at < bytes.size(); at += piece) sink.write(bytes.substr(at, piece));
  ChunkTable table = sink.finish();
  return {out.take(), std::move(table)};
}

/// Gives its bytes in pieces of at most `piece`.
class DribblingSource : public Source {
 public:
  DribblingSource(std::string_view bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}
  std::size_t read(std::span<char> buffer) override {
    return bytes_.read(buffer.first(std::min(piece_, buffer.size())));
  }

 private:
  ViewSource bytes_;
  std::size_t piece_;
};

inline std::string decompress(std::string_view bytes, Codec codec, std::size_t piece = 1 << 20) {
  DribblingSource in(bytes, piece);
  return read_all(*make_decompressor(in, codec), 256 << 20, "a test");
}

/// The standard output of a program that reads `input`; what it says on failure does not count.
inline std::string filtered(const std::string& command, std::string_view input) {
  const ScratchDirectory scratch;
  scratch.write("in", input);
  const std::string whole =
      command + " < " + scratch.path() + "/in > " + scratch.path() + "/out 2>/dev/null";
  if (std::system(whole.c_str()) != 0) return "(" + command + " failed)";
  return read_all(scratch.root().open_file("out").get(), 256 << 20, command);
}

inline bool has_program(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

}  // namespace strata::test
