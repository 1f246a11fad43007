#include "context_place.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>

#include "strata/base/error.hpp"
#include "strata/base/io.hpp"
#include "strata/content/archive.hpp"
#include "strata/context/archive.hpp"
#include "strata/context/directory.hpp"
#include "strata/context/filtered.hpp"
#include "strata/context/place.hpp"
#include "strata/dockerfile/parse.hpp"

namespace strata::cli {

namespace {

namespace fs = boost::filesystem;

/// Enough of a stream to tell an archive, even a packed one, from a Dockerfile.
constexpr std::size_t beginning_size = 64u << 10;

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

 private:
  Root directory_;
  std::string absolute_;
  Root indexes_;
  WorkerPool& pool_;
};

class ArchivePlace : public ContextPlace {
 public:
  ArchivePlace(Source& archive, const std::string& what, Session& session)
      : work_(session.store().make_work_directory()) {
    Fd spool(work_.root().create_file("context", 0600).release());
    spool = work_.root().open_file("context", O_RDWR);
    files_ = context::open_archive(archive, std::move(spool), what);
  }

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

 private:
  store::WorkDirectory work_;
  std::shared_ptr<FileOrigin> files_;
};

/// A Dockerfile alone.
class NoPlace : public ContextPlace {
 public:
  explicit NoPlace(std::string dockerfile) : dockerfile_(std::move(dockerfile)) {}

  std::optional<std::string> find_text(const std::string& name, std::size_t) override {
    if (name != "Dockerfile") return std::nullopt;
    return dockerfile_;
  }
  std::shared_ptr<FileOrigin> open(dockerfile::IgnoreRules, const std::string&) override {
    fail(ErrorKind::usage, "COPY and ADD need files, but the build was given no context (-)");
  }

 private:
  std::string dockerfile_;
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

std::unique_ptr<ContextPlace> open_standard_input(Session& session) {
  std::string beginning(beginning_size, '\0');
  beginning.resize(read_full(STDIN_FILENO, beginning));
  FdSource rest(STDIN_FILENO);
  ResumedSource input(beginning, rest);
  ViewSource first_bytes(beginning);
  if (is_archive(first_bytes))
    return std::make_unique<ArchivePlace>(input, "standard input", session);
  return std::make_unique<NoPlace>(read_all(input, dockerfile::file_size_max, "Dockerfile"));
}

}  // namespace

bool is_remote_place(const std::string& context) {
  return context::is_http_url(context) || context::find_git_reference(context);
}

std::unique_ptr<ContextPlace> open_context_place(const std::string& context, Session& session) {
  if (context == "-") return open_standard_input(session);
  if (is_remote_place(context))
    fail(ErrorKind::usage, "not supported yet: context ", quoted(context),
         "; give a directory or a tar archive");
  if (!fs::is_regular_file(context)) return std::make_unique<DirectoryPlace>(context, session);
  const Fd file(::open(context.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) fail_errno(context);
  FdSource archive(file.get());
  return std::make_unique<ArchivePlace>(archive, context, session);
}

}  // namespace strata::cli
