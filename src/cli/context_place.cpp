#include "context_place.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>

#include "strata/base/error.hpp"
#include "strata/base/io.hpp"
#include "strata/base/path.hpp"
#include "strata/base/url.hpp"
#include "strata/content/archive.hpp"
#include "strata/context/archive.hpp"
#include "strata/context/commit_time.hpp"
#include "strata/context/directory.hpp"
#include "strata/context/filtered.hpp"
#include "strata/context/place.hpp"
#include "strata/dockerfile/parse.hpp"
#include "strata/exec/operation.hpp"

namespace strata::cli {

namespace {

namespace fs = boost::filesystem;

/// Enough of a stream to tell an archive, even a packed one, from a Dockerfile.
constexpr std::size_t beginning_size = 64u << 10;
constexpr std::string_view github_prefix = "github.com/";

class DirectoryPlace : public ContextPlace {
 public:
  DirectoryPlace(const std::string& path, Session& session)
      : directory_(Root::open(path)),
        absolute_(fs::weakly_canonical(fs::absolute(path)).string()),
        indexes_(session.store().root().open_directory("contexts")),
        pool_(session.pool()) {}

  std::optional<std::string> find_text(const std::string& name, std::size_t size_max) override {
    const auto file = directory_.find_file(name, O_RDONLY | O_NONBLOCK);
    if (!file) return std::nullopt;
    if (!S_ISREG(stat_of(file->get()).st_mode))
      fail(ErrorKind::usage, "context file ", quoted(name), " is not a regular file");
    return read_all(file->get(), size_max, name);
  }

  std::shared_ptr<FileOrigin> open(dockerfile::IgnoreRules ignore,
                                   const std::string& ignore_name) override {
    context::DirectoryOptions options;
    options.ignore = std::move(ignore);
    options.ignore_name = ignore_name;
    options.index_directory_fd = indexes_.fd();
    options.index_name = Digest::of(absolute_).hex();
    return context::open_directory(directory_.clone(), std::move(options), pool_);
  }

  std::int64_t commit_time() override { return context::commit_time(absolute_); }

 private:
  Root directory_;
  std::string absolute_;
  Root indexes_;
  WorkerPool& pool_;
};

/// What is known of when the files of a place were made.
struct PlaceTimes {
  std::string what;  ///< names the place in errors
  std::optional<std::int64_t> commit;
  std::optional<std::int64_t> files;

  std::int64_t of_commit() const {
    if (commit) return *commit;
    fail(ErrorKind::not_found, "the files of ", quoted(what), " are from no repository");
  }
  std::int64_t of_files() const {
    if (commit || files) return commit ? *commit : *files;
    fail(ErrorKind::not_found, "nothing says how old the files of ", quoted(what), " are");
  }
};

/// Files that are looked at as a tree: of an archive, of a commit. What they lie in goes with them.
class OriginPlace : public ContextPlace {
 public:
  OriginPlace(std::shared_ptr<FileOrigin> files, PlaceTimes times,
              std::optional<store::WorkDirectory> work = std::nullopt)
      : work_(std::move(work)), files_(std::move(files)), times_(std::move(times)) {}

  std::optional<std::string> find_text(const std::string& name, std::size_t size_max) override {
    const RootfsView& view = files_->view();
    auto found = view.find(view.resolve(name, RootfsView::LastComponent::follow));
    if (found && found->entry->type == EntryType::hard_link) found = view.file_of(*found);
    if (!found || !found->entry->is_file()) return std::nullopt;
    return read_all(*files_->open(*found), size_max, name);
  }

  std::shared_ptr<FileOrigin> open(dockerfile::IgnoreRules ignore,
                                   const std::string& ignore_name) override {
    return context::filter(files_, std::move(ignore), ignore_name);
  }

  std::int64_t commit_time() override { return times_.of_commit(); }
  std::int64_t time() override { return times_.of_files(); }

 private:
  std::optional<store::WorkDirectory> work_;
  std::shared_ptr<FileOrigin> files_;
  PlaceTimes times_;
};

/// `times` gets what the archive itself knows.
std::unique_ptr<ContextPlace> open_archive_place(Source& archive, PlaceTimes times,
                                                 Session& session) {
  store::WorkDirectory work = session.store().make_work_directory();
  Fd spool(work.root().create_file("context", 0600).release());
  spool = work.root().open_file("context", O_RDWR);
  auto files = context::open_archive(archive, std::move(spool), times.what);
  if (!times.files) times.files = newest_time(files->view());
  return std::make_unique<OriginPlace>(std::move(files), std::move(times), std::move(work));
}

/// A Dockerfile alone.
class NoPlace : public ContextPlace {
 public:
  NoPlace(std::string dockerfile, PlaceTimes times)
      : dockerfile_(std::move(dockerfile)), times_(std::move(times)) {}

  std::optional<std::string> find_text(const std::string& name, std::size_t) override {
    if (name != "Dockerfile") return std::nullopt;
    return dockerfile_;
  }
  std::shared_ptr<FileOrigin> open(dockerfile::IgnoreRules, const std::string&) override {
    fail(ErrorKind::usage,
         "COPY, ADD and mounts need files, but the build was given no context (-); name a "
         "directory, "
         "an archive or a URL, or the stage or image that has them with from=");
  }

  std::int64_t commit_time() override { return times_.of_commit(); }
  std::int64_t time() override { return times_.of_files(); }

 private:
  std::string dockerfile_;
  PlaceTimes times_;
};

/// What was read already, then the rest.
class ResumedSource : public Source {
 public:
  ResumedSource(std::string_view beginning, Source& rest) : beginning_(beginning), rest_(rest) {}
  std::size_t read(std::span<char> buffer) override {
    const std::size_t got = beginning_.read(buffer);
    return got > 0 ? got : rest_.read(buffer);
  }

 private:
  ViewSource beginning_;
  Source& rest_;
};

/// An archive, packed or not, or else a Dockerfile alone.
std::unique_ptr<ContextPlace> open_stream_place(Source& stream, PlaceTimes times,
                                                Session& session) {
  std::string beginning(beginning_size, '\0');
  std::size_t size = 0;
  while (size < beginning.size()) {
    const std::size_t count = stream.read(std::span(beginning).subspan(size));
    if (count == 0) break;
    size += count;
  }
  beginning.resize(size);
  ResumedSource whole(beginning, stream);
  ViewSource first_bytes(beginning);
  if (is_archive(first_bytes)) return open_archive_place(whole, std::move(times), session);
  return std::make_unique<NoPlace>(read_all(whole, dockerfile::file_size_max, "Dockerfile"),
                                   std::move(times));
}

/// The last element of a URL's path, as the name of the file behind it.
std::string file_name(const std::string& url) {
  const auto parts = split_url(url);
  const auto path = parts ? percent_decoded(parts->path) : std::nullopt;
  const std::string name(path ? base_name(*path) : "");
  const bool is_name = !name.empty() && name != "." && name != "..";
  return is_name && name.find('\0') == std::string::npos ? name : "context";
}

/// A file behind a URL has 1970's time if the server does not say one.
std::optional<std::int64_t> server_time(const Entry& file) {
  if (file.mtime == 0) return std::nullopt;
  return file.mtime;
}

enum class Use { main, named };

std::unique_ptr<ContextPlace> open_url_place(const std::string& url, Use use,
                                             const PlaceTools& tools, const remote::Watch& watch) {
  const std::string name = file_name(url);
  auto origin = remote::open_url(tools.fetcher, url, std::nullopt, name, watch);
  const auto file = origin->view().find(name).value();
  const auto bytes = origin->open(file);
  PlaceTimes times{mask_credentials(url), std::nullopt, server_time(*file.entry)};
  if (use == Use::main) return open_stream_place(*bytes, std::move(times), tools.session);
  if (is_archive(*origin->open(file)))
    return open_archive_place(*bytes, std::move(times), tools.session);
  return std::make_unique<OriginPlace>(std::move(origin), std::move(times));
}

std::unique_ptr<ContextPlace> open_file_place(const std::string& path, Session& session) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) fail_errno(path);
  FdSource archive(file.get());
  return open_archive_place(archive, {path, {}, {}}, session);
}

std::unique_ptr<ContextPlace> open_place(const std::string& context, Use use,
                                         const PlaceTools& tools, const remote::Watch& watch) {
  if (auto repository = find_repository(context)) {
    repository->keep_git_dir |= tools.keep_git_dir;
    CommitFiles commit = open_commit(tools.fetcher, *repository, watch);
    return std::make_unique<OriginPlace>(std::move(commit.files),
                                         PlaceTimes{to_string(*repository), commit.time, {}});
  }
  if (is_remote_place(context)) return open_url_place(context, use, tools, watch);
  if (fs::is_regular_file(context)) return open_file_place(context, tools.session);
  return std::make_unique<DirectoryPlace>(context, tools.session);
}

}  // namespace

bool is_remote_place(const std::string& context) {
  return !fs::exists(context) && (context::is_http_url(context) || find_repository(context));
}

std::optional<context::GitReference> find_repository(const std::string& context) {
  if (fs::exists(context)) return std::nullopt;
  if (!context.starts_with(github_prefix)) return context::find_git_reference(context);
  const auto end = std::min(context.find_first_of("?#"), context.size());
  const std::string name = context.substr(0, end);
  return context::find_git_reference(
      cat("https://", name, name.ends_with(".git") ? "" : ".git", context.substr(end)));
}

CommitFiles open_commit(const remote::Fetcher& fetcher, const context::GitReference& reference,
                        const remote::Watch& watch) {
  const remote::Commit commit = remote::fetch_commit(fetcher, reference, watch);
  const std::vector<oci::Layer> layers{commit.layer};
  return {exec::open_rootfs({layers, fetcher.store.layers().view(layers)}, fetcher.store),
          commit.time};
}

std::optional<std::int64_t> newest_time(const RootfsView& view) {
  std::optional<std::int64_t> newest;
  view.walk("", [&](const RootfsView::Found& found) {
    const Entry& entry =
        found.entry->type == EntryType::hard_link ? *view.file_of(found).entry : *found.entry;
    if (!newest || entry.mtime > *newest) newest = entry.mtime;
  });
  return newest;
}

std::optional<std::int64_t> time_of_url(FileOrigin& origin, const std::string& what) {
  std::optional<std::int64_t> newest;
  std::optional<RootfsView::Found> file;
  origin.view().walk("", [&](const RootfsView::Found& found) { file = found; });
  if (!file) return std::nullopt;
  newest = server_time(*file->entry);
  if (newest || !is_archive(*origin.open(*file))) return newest;
  const auto bytes = origin.open(*file);
  ArchiveReader members(*bytes, what);
  while (const auto member = members.next())
    newest = std::max(newest, std::optional(member->mtime));
  return newest;
}

std::unique_ptr<ContextPlace> open_context_place(const std::string& context,
                                                 const PlaceTools& tools,
                                                 const remote::Watch& watch) {
  if (context != "-") return open_place(context, Use::main, tools, watch);
  FdSource input(STDIN_FILENO);
  return open_stream_place(input, {"standard input", {}, {}}, tools.session);
}

std::unique_ptr<ContextPlace> open_named_place(const std::string& context, const PlaceTools& tools,
                                               const remote::Watch& watch) {
  return open_place(context, Use::named, tools, watch);
}

}  // namespace strata::cli
