#pragma once
/// Libraries that are loaded when something first needs them. Each draws in others that would cost
/// every start milliseconds if the program were linked to it.

#include <string>

namespace strata {

/// A library in this process. It stays until the process ends, whatever becomes of this object.
class SharedLibrary {
 public:
  /// `file` as the loader knows it ("libcurl.so.4"). Error system says that `purpose` needs it and
  /// which `package` to install, if it cannot be loaded.
  SharedLibrary(std::string file, const std::string& purpose, const std::string& package);

  /// Sets `function` to the function `name`; Error system if the library has none.
  template <class Function>
  void find(const char* name, Function*& function) const {
    function = reinterpret_cast<Function*>(address_of(name));
  }

 private:
  void* address_of(const char* name) const;

  std::string file_;
  void* handle_;
};

}  // namespace strata
