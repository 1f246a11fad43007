/// COPY, ADD and WORKDIR as operations on a real store.

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "stage.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "text_tree.hpp"

using namespace strata;
using namespace strata::exec;

namespace {

plan::CopyFiles copy_of(std::vector<std::string> sources, const std::string& destination,
                        plan::CopyFiles::Archives archives = plan::CopyFiles::Archives::keep) {
  plan::CopyFiles copy;
  copy.sources = std::move(sources);
  copy.destination = destination;
  copy.archives = archives;
  return copy;
}

plan::CopyFiles add_of(std::vector<std::string> sources, const std::string& destination) {
  return copy_of(std::move(sources), destination, plan::CopyFiles::Archives::unpack);
}

std::string normal(std::string_view listing) { return print_tree(parse_tree(listing)); }

/// The bytes of a file as a later COPY --from would read them.
std::string read_back(Stage& stage, std::string_view path) {
  const auto origin = open_rootfs(stage.rootfs, stage.store.store);
  auto found = origin->view().find(path).value();
  if (found.entry->type == EntryType::hard_link) found = origin->view().file_of(found);
  return read_all(*origin->open(found), 1 << 20, path);
}

/// Files of the host in an archive made by the system's tar.
class ArchiveContext : public FileOrigin {
 public:
  explicit ArchiveContext(const std::string& tar_options) {
    const std::string in = directory_ / "in";
    std::filesystem::create_directories(in + "/sub");
    std::ofstream(in + "/sub/file") << "packed";
    std::filesystem::create_hard_link(in + "/sub/file", in + "/sub/other");
    const std::string command = cat("tar -C ", in, " --owner=5 --group=6 --mtime=@99 ", tar_options,
                                    " -cf ", directory_ / "a.tar", " sub");
    REQUIRE(std::system(command.c_str()) == 0);
    std::ifstream file(directory_ / "a.tar");
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
    Entry entry = store::file_entry("a.tar", bytes_);
    entry.content = ContentDigest(Digest::of(bytes_));
    view_ = RootfsView({std::make_shared<const Tree>(Tree({entry}))});
  }

  const RootfsView& view() const override { return view_; }
  std::vector<ContentDigest> digests(std::span<const RootfsView::Found> files) override {
    return {files.size(), ContentDigest(Digest::of(bytes_))};
  }
  std::unique_ptr<Source> open(const RootfsView::Found&) override {
    ++opened;
    return std::make_unique<StringSource>(bytes_);
  }

  int opened = 0;

 private:
  store::TemporaryDirectory directory_;
  std::string bytes_;
  RootfsView view_;
};

/// Files whose digests are not known before somebody reads them; each holds its own name.
class UnreadContext : public FileOrigin {
 public:
  explicit UnreadContext(std::vector<Entry> entries)
      : view_({std::make_shared<const Tree>(std::move(entries))}) {}

  const RootfsView& view() const override { return view_; }
  std::vector<ContentDigest> digests(std::span<const RootfsView::Found> files) override {
    std::vector<ContentDigest> digests;
    for (const auto& file : files) digests.emplace_back(Digest::of(file.entry->path));
    asked += files.size();
    return digests;
  }
  std::unique_ptr<Source> open(const RootfsView::Found& file) override {
    ++opened;
    return std::make_unique<StringSource>(file.entry->path);
  }
  void learn(std::span<const RootfsView::Found> files,
             std::span<const ContentDigest> digests) override {
    for (std::size_t i = 0; i < files.size(); ++i)
      learned.emplace(files[i].entry->path, digests[i]);
  }

  std::size_t asked = 0;
  std::atomic<int> opened = 0;
  std::map<std::string, ContentDigest> learned;

 private:
  RootfsView view_;
};

std::shared_ptr<UnreadContext> unread_context() {
  std::vector<Entry> entries{store::entry_of(EntryType::directory, "d"),
                             store::entry_of(EntryType::hard_link, "d/link", "d/a")};
  for (const std::string name : {"d/a", "d/b"}) {
    entries.push_back(store::file_entry(name, name));
    entries.back().content.reset();
  }
  return std::make_shared<UnreadContext>(std::move(entries));
}

}  // namespace

TEST_CASE("a COPY that the cache will hardly know reads its files once") {
  Stage stage;
  const auto copy = copy_of({"d"}, "/app");
  const auto late_context = unread_context();
  stage.context = late_context;
  const auto late = stage.prepare(copy);
  CHECK(late_context->asked == 2);
  const auto late_draft = late->execute({}, {});

  const auto context = unread_context();
  stage.context = context;
  const Reporter reporter;
  const EarlyWork early{reporter, {}};
  const auto operation = stage.prepare(copy, &early);
  CHECK(context->opened == 2);
  CHECK(context->asked == 0);
  CHECK(context->learned.size() == 2);
  CHECK(context->learned.at("d/b") == ContentDigest(Digest::of("d/b")));
  CHECK(operation->ingredients() == late->ingredients());
  const auto draft = operation->execute(reporter, {});
  CHECK(context->opened == 2);
  CHECK(draft->diff_id() == late_draft->diff_id());
  CHECK(print_tree(draft->layer().tree) == print_tree(late_draft->layer().tree));
}

TEST_CASE("a COPY whose files are known writes nothing before its key") {
  Stage stage;
  stage.context = std::make_shared<TextOrigin>("d/\nd/a =x");
  const Reporter reporter;
  const EarlyWork early{reporter, {}};
  const auto operation = stage.prepare(copy_of({"d"}, "/app"), &early);
  CHECK(stage.store->root().list("tmp").empty());
  CHECK(operation->execute(reporter, {})->layer().tree.find("app/a"));
}

TEST_CASE("what COPY promised is what its layer holds") {
  Stage stage;
  stage.context = std::make_shared<TextOrigin>("d/ @3\nd/a 0755 5:6 @4 =x\nd/b => d/a\nd/e");
  const auto copy = copy_of({"d"}, "/app");
  const auto operation = stage.prepare(copy);
  REQUIRE(operation->files());
  const std::string promised = print_tree(*operation->files());
  CHECK(promised == normal("app/ @3\napp/a 0755 @4 =x\napp/b => app/a\napp/e"));
  CHECK(print_tree(stage.copy(copy)) == promised);
  CHECK(read_back(stage, "app/b") == "x");
  CHECK(stage.progress == 1);
}

TEST_CASE("a COPY that writes nothing still has a layer") {
  Stage stage;
  stage.context = std::make_shared<TextOrigin>("a");
  CHECK(stage.copy(copy_of({"*.x"}, "/")).empty());
  CHECK(stage.rootfs.layers().size() == 1);
}

TEST_CASE("files of an earlier stage keep owner and mode") {
  Stage stage;
  stage.context = std::make_shared<TextOrigin>("bin/\nbin/x =1");
  plan::CopyFiles first = copy_of({"bin"}, "/bin");
  first.owner = "7:8";
  first.mode = "4750";
  stage.copy(first);
  stage.context = open_rootfs(stage.rootfs, stage.store.store);
  stage.rootfs = {};
  plan::CopyFiles second = copy_of({"/bin/x"}, "/y");
  second.origin = plan::FromStage{0};
  CHECK(print_tree(stage.copy(second)) == normal("y 4750 7:8 =1"));
  CHECK(read_back(stage, "y") == "1");
}

TEST_CASE("names of owners are those of the parent") {
  Stage stage;
  stage.add_base();
  stage.context = std::make_shared<TextOrigin>("f");
  plan::CopyFiles copy = copy_of({"f"}, "/etc/f");
  copy.owner = "ann";
  CHECK(stage.copy(copy).find("etc/f")->gid == 1001);
  copy.owner = "bob";
  CHECK_THROWS_AS(stage.prepare(copy), Error);
}

TEST_CASE("a heredoc needs no context") {
  Stage stage;
  plan::CopyFiles copy = copy_of({}, "/etc/motd");
  copy.inline_files.push_back({"EOF", "hello\n"});
  stage.copy(copy);
  CHECK(read_back(stage, "etc/motd") == "hello\n");
}

TEST_CASE("ADD unpacks archives by content whatever packed them") {
  for (const char* packing : {"", "-z", "-j", "-J", "--zstd"}) {
    CAPTURE(packing);
    Stage stage;
    const auto context = std::make_shared<ArchiveContext>(packing);
    stage.context = context;
    CHECK(print_tree(stage.copy(add_of({"a.tar"}, "/o"))) ==
          normal("o/ @99\no/sub/ 5:6 @99\no/sub/file 5:6 @99 =packed\n"
                 "o/sub/other => o/sub/file"));
    CHECK(read_back(stage, "o/sub/other") == "packed");
  }
}

TEST_CASE("COPY keeps archives packed and preparing an ADD does not unpack them") {
  Stage stage;
  const auto context = std::make_shared<ArchiveContext>("-z");
  stage.context = context;
  CHECK(stage.copy(copy_of({"a.tar"}, "/o")).find("o")->is_file());
  context->opened = 0;
  const auto operation = stage.prepare(add_of({"a.tar"}, "/p"));
  CHECK(context->opened == 1);
  CHECK(operation->ingredients().find("archive a.tar") != nullptr);
}

TEST_CASE("a parent that shows the same at the destination gives the same key") {
  Stage stage;
  const auto key = [&](const std::string& files, const plan::CopyFiles& copy,
                       std::string_view parent) {
    stage.context = std::make_shared<TextOrigin>(files);
    stage.rootfs = {{}, parse_view(parent)};
    return stage.prepare(copy)->ingredients().key();
  };
  const auto copy = copy_of({"d"}, "/a/b");
  const std::string files = "d/ @3\nd/f =x";
  const CacheKey first = key(files, copy, "a/\nz =1");
  CHECK(key(files, copy, "a/ @9\na/other =2") == first);
  CHECK(key("d/ @4\nd/f @5 =x", copy, "a/") == first);
  CHECK(key(files, copy, "a/ 0700") != first);
  CHECK(key(files, copy, "") == first);
  CHECK(key("d/\nd/f =y", copy, "a/") != first);
  CHECK(key("d/\nd/f 0755 =x", copy, "a/") != first);
  CHECK(key("d/\nd/g =x", copy, "a/") != first);
  CHECK(key("d/\nd/f -> x", copy, "a/") != first);
  CHECK(key(files, copy_of({"d"}, "/a/c"), "a/") != first);
  plan::CopyFiles other = copy;
  other.owner = "0:0";
  CHECK(key(files, other, "a/") != first);
  other = copy;
  other.mode = "0644";
  CHECK(key(files, other, "a/") != first);
}

TEST_CASE("WORKDIR makes what is missing and belongs to the user") {
  Stage stage;
  stage.add_base();
  CHECK(print_tree(stage.apply(plan::MakeDirectory{"/tmp/a/b", "ann"})) ==
        normal("tmp/ 1777 @2000\ntmp/a/ 1000:1001\ntmp/a/b/ 1000:1001"));
  CHECK(print_tree(stage.apply(plan::MakeDirectory{"/nobody", "stranger"})) == normal("nobody/"));
  CHECK(print_tree(stage.apply(plan::MakeDirectory{"/number", "1000"})) ==
        normal("number/ 1000:1000"));
  CHECK(stage.apply(plan::MakeDirectory{"/tmp/a/b", ""}).empty());
  CHECK(stage.rootfs.layers().size() == 5);
  stage.engine.epoch = from_unix_seconds(77);
  CHECK(print_tree(stage.apply(plan::MakeDirectory{"/new", ""})) == normal("new/ @77"));
}

TEST_CASE("WORKDIR follows links and refuses a file") {
  Stage stage;
  stage.context = std::make_shared<TextOrigin>("real/\nlink -> real\nfile");
  stage.copy(copy_of({"."}, "/"));
  CHECK(print_tree(stage.apply(plan::MakeDirectory{"/link/x", ""})) == normal("real/\nreal/x/"));
  CHECK_THROWS_AS(stage.apply(plan::MakeDirectory{"/file/x", ""}), Error);
}

TEST_CASE("a mode that is none is refused") {
  Stage stage;
  stage.context = std::make_shared<TextOrigin>("f");
  for (const char* mode : {"", "8", "17777", "u?x", "0x1"}) {
    plan::CopyFiles copy = copy_of({"f"}, "/f");
    copy.mode = mode;
    CHECK_THROWS_AS(stage.prepare(copy), Error);
  }
}

TEST_CASE("a step that is asked to stop writes no layer") {
  Stage stage;
  stage.context = std::make_shared<TextOrigin>("f =x");
  std::stop_source stop;
  stop.request_stop();
  const auto operation = stage.prepare(copy_of({"f"}, "/f"));
  CHECK_THROWS_AS(operation->execute({}, stop.get_token()), Error);
  CHECK(stage.store->blobs().list().empty());
}
