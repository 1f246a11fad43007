#pragma once
/// An image with something of everything in two layers, and its parts.

#include "unit/store/temporary_store.hpp"

namespace strata::store {

inline Contents sample_base() {
  Entry setuid = file_entry("bin/su", "#!suid", 04755);
  Entry owned = file_entry("etc/owned", "mine");
  owned.uid = 1000;
  owned.gid = 70000;
  owned.rare.edit().xattrs = {{"user.note", "hello"}};
  Entry device = entry_of(EntryType::character_device, "dev/null");
  device.mode = 0666;
  device.rare.edit().device_major = 1;
  device.rare.edit().device_minor = 3;
  Entry fifo = entry_of(EntryType::fifo, "run/pipe");
  fifo.mode = 0600;
  const std::string long_name = "etc/" + std::string(200, 'n');
  return {{directory_entry("bin"), ""},
          {setuid, "#!suid"},
          {directory_entry("dev"), ""},
          {device, ""},
          {directory_entry("etc"), ""},
          {file_entry("etc/a", "first"), "first"},
          {entry_of(EntryType::hard_link, "etc/b", "etc/a"), ""},
          {file_entry(long_name, "long"), "long"},
          {owned, "mine"},
          {file_entry("etc/removed", "x"), "x"},
          {entry_of(EntryType::symlink, "lib", "usr/lib"), ""},
          {directory_entry("old", 0700), ""},
          {file_entry("old/one", "1"), "1"},
          {directory_entry("run"), ""},
          {fifo, ""},
          {directory_entry("tmp", 01777), ""},
          {directory_entry("usr"), ""},
          {file_entry("usr/big", std::string(3'000'000, 'b')), std::string(3'000'000, 'b')},
          {file_entry("usr/empty", ""), ""}};
}

inline Contents sample_top() {
  return {{directory_entry("etc"), ""},
          {file_entry("etc/new", "new"), "new"},
          {entry_of(EntryType::whiteout, "etc/removed"), ""},
          {directory_entry("old", 0750), ""},
          {entry_of(EntryType::opaque, "old"), ""},
          {file_entry("old/two", "2"), "2"}};
}

inline oci::Image sample_image(Store& store, const Compression& compression = {}) {
  return layered_image(
      {put_layer(store, sample_base(), compression), put_layer(store, sample_top(), compression)});
}

}  // namespace strata::store
