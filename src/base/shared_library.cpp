#include "strata/base/shared_library.hpp"

#include <dlfcn.h>

#include "strata/base/error.hpp"

namespace strata {

SharedLibrary::SharedLibrary(std::string file, const std::string& purpose,
                             const std::string& package)
    : file_(std::move(file)),
      handle_(::dlopen(file_.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)) {
  if (handle_ == nullptr)
    fail(ErrorKind::system, purpose, " needs ", file_, " (", ::dlerror(), "); install the package ",
         package);
}

void* SharedLibrary::address_of(const char* name) const {
  void* address = ::dlsym(handle_, name);
  if (address == nullptr) fail(ErrorKind::system, file_, " has no function ", name);
  return address;
}

}  // namespace strata
