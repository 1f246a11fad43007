// `cache export` and `cache import`: the content of RUN --mount=type=cache between machines.

#include "command.hpp"
#include "interrupts.hpp"
#include "print.hpp"
#include "strata/base/error.hpp"
#include "strata/base/host_path.hpp"
#include "strata/base/text.hpp"
#include "strata/remotecache/mount_archive.hpp"

namespace strata::cli {

namespace {

constexpr const char* standard_stream = "-";

std::vector<std::string> quoted_ids(const std::vector<remotecache::MountArchive>& archives) {
  std::vector<std::string> ids;
  for (const remotecache::MountArchive& archive : archives) ids.push_back(archive.id.short_hex());
  return ids;
}

/// Of several caches of one name, which differ in owner, mode or what they began with, the one
/// whose id begins with these digits.
remotecache::MountArchive choose(const std::vector<remotecache::MountArchive>& archives,
                                 const std::string& digits) {
  std::vector<remotecache::MountArchive> fitting;
  for (const remotecache::MountArchive& archive : archives)
    if (archive.id.hex().starts_with(digits)) fitting.push_back(archive);
  if (fitting.size() == 1) return fitting.front();
  const std::string& name = archives.front().name;
  fail(ErrorKind::usage, fitting.size(), " caches ", quoted(name),
       digits.empty() ? std::string() : cat(" have an id that begins with ", digits),
       "; choose with --select one of ", join(quoted_ids(archives), ", "));
}

}  // namespace

Syntax cache_export_syntax() {
  Syntax syntax{"strata cache export [OPTIONS] ID",
                "Writes the content of a cache mount (RUN --mount=type=cache,id=ID) as a tar."};
  syntax.words_min = syntax.words_max = 1;
  add_value(syntax, "output,o", "the file to write (default: standard output)");
  add_value(syntax, "select", "of several caches of this id, the one that system df -v shows so");
  return syntax;
}

int run_cache_export(Session& session, const Arguments& arguments) {
  HostFile file(arguments.text("output", standard_stream));
  const Interrupts interrupts;
  const auto archive =
      choose(remotecache::pack_mounts(session.store(), session.pool(), arguments.words().front(),
                                      interrupts.token()),
             arguments.text("select"));
  FdSink out(file.fd());
  copy_all(*store::open_verified(session.store().blobs(), archive.layer.blob.digest), out);
  file.commit();
  return 0;
}

Syntax cache_import_syntax() {
  Syntax syntax{"strata cache import [OPTIONS] ID",
                "Puts what cache export wrote into the store, in place of what is there of it."};
  syntax.words_min = syntax.words_max = 1;
  add_value(syntax, "input,i", "the file to read (default: standard input)");
  return syntax;
}

int run_cache_import(Session& session, const Arguments& arguments) {
  const std::string& id = arguments.words().front();
  const std::string path = arguments.text("input", standard_stream);
  FdSource bytes(open_host_input(path));
  store::Store& store = session.store();
  const oci::Layer layer = store.layers().import_blob(bytes, std::nullopt, std::nullopt);
  const auto archive = remotecache::read_mount_archive(store, layer);
  if (archive.name != id)
    fail(ErrorKind::usage, path == standard_stream ? "standard input" : path,
         " holds the cache mount ", quoted(archive.name), ", not ", quoted(id));
  const Interrupts interrupts;
  remotecache::put_mount(store, archive, interrupts.token());
  return 0;
}

}  // namespace strata::cli
