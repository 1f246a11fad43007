// A file behind a URL. Its record holds what is known of it (digest, size, and what the server said
// that proves it unchanged), so that the next build asks only whether that is still true.

#include "strata/base/url.hpp"
#include "remote/records.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/remote/fetch.hpp"

namespace strata::remote {

namespace {

constexpr int not_modified = 304;
constexpr std::uint32_t url_file_mode = 0600;

struct WebFile {
  Digest digest;
  std::uint64_t size = 0;
  std::string validator;  ///< http::strong_validator's; empty: it has to be fetched to be known
  std::string date;       ///< Last-Modified
};

/// Where the file is, and what proves the user's right to it.
struct WebAddress {
  std::string url;            ///< may hold credentials
  std::string authorization;  ///< a header's value; then the URL holds none

  /// Two users may be shown two files at one address, and only one name is remembered for both.
  bool is_private() const { return !authorization.empty() || mask_credentials(url) != url; }
};

/// A secret of the user's goes before what the URL says.
WebAddress address_of(const Secrets& secrets, const std::string& url) {
  auto parts = split_url(url);
  const auto credential = parts ? find_credential(secrets, *parts, Wanted::file) : std::nullopt;
  if (!credential) return {url, {}};
  parts->user.clear();
  parts->password.reset();
  return {to_string(*parts), credential->authorization};
}

json::array record_name(const std::string& url) { return {"url", mask_credentials(url)}; }

std::optional<WebFile> find_remembered(const store::Store& store, const WebAddress& address) {
  if (address.is_private()) return std::nullopt;
  const auto record = find_record(store, record_name(address.url));
  if (!record) return std::nullopt;
  const JsonObject object(*record, "the record of a URL");
  return WebFile{Digest::parse(object.string("digest")),
                 static_cast<std::uint64_t>(object.integer("size")),
                 object.string_or("validator", ""), object.string_or("date", "")};
}

void remember(const store::Store& store, const WebAddress& address, const WebFile& file) {
  if (address.is_private()) return;
  put_record(store, record_name(address.url),
             {{"digest", to_string(file.digest)},
              {"size", file.size},
              {"validator", file.validator},
              {"date", file.date}});
}

void add_conditions(http::Request& request, const WebFile& known) {
  if (known.validator.empty()) return;
  const bool is_tag = known.validator.starts_with('"');
  request.headers.push_back({is_tag ? "If-None-Match" : "If-Modified-Since", known.validator});
}

/// Asks for the file, unless it is still the one known. Checked before the store has it.
WebFile download(const Fetcher& fetcher, const WebAddress& address,
                 const std::optional<WebFile>& known, const std::optional<Digest>& expected,
                 const std::stop_token& stop) {
  http::Request request;
  request.url = address.url;
  if (!address.authorization.empty())
    request.headers.push_back({"Authorization", address.authorization});
  if (known) add_conditions(request, *known);
  std::optional<store::NewBlob> blob;
  http::Headers headers;  // of the body's beginning: those of its rest may say less
  const auto begin = [&](const http::Answer& head) -> Sink& {
    headers = head.headers;
    return blob.emplace(fetcher.store.blobs().create());
  };
  const http::Answer answer = fetcher.client.send(request, begin, {stop, {}});
  if (answer.status == not_modified && known) return *known;
  if (!answer.is_success() || !blob) http::fail_status(answer);
  const Digest digest = blob->seal();
  if (expected && digest != *expected) {
    fail(ErrorKind::corrupt, mask_credentials(address.url), " has the digest ", to_string(digest),
         ", expected ", to_string(*expected));
  }
  const std::string* date = http::find_header(headers, "last-modified");
  WebFile file{digest, blob->size(), http::strong_validator(headers), date ? *date : ""};
  blob->commit();
  remember(fetcher.store, address, file);
  return file;
}

class UrlOrigin : public FileOrigin {
 public:
  UrlOrigin(const Fetcher& fetcher, WebAddress address, const WebFile& file,
            const std::string& path)
      : fetcher_(fetcher), address_(std::move(address)), digest_(file.digest) {
    Entry entry;
    entry.path = path;
    entry.mode = url_file_mode;
    entry.mtime = http::parse_date(file.date).value_or(0);
    entry.size = file.size;
    entry.content = ContentDigest(file.digest);
    view_ = RootfsView({std::make_shared<const Tree>(std::vector<Entry>{std::move(entry)})});
  }

  const RootfsView& view() const override { return view_; }

  std::vector<ContentDigest> digests(std::span<const RootfsView::Found> files) override {
    return std::vector<ContentDigest>(files.size(), ContentDigest(digest_));
  }

  std::unique_ptr<Source> open(const RootfsView::Found&) override {
    if (!fetcher_.store.blobs().has(digest_))
      download(fetcher_, address_, std::nullopt, digest_, std::stop_token());
    return store::open_verified(fetcher_.store.blobs(), digest_);
  }

 private:
  const Fetcher& fetcher_;
  WebAddress address_;
  Digest digest_;
  RootfsView view_;
};

}  // namespace

std::shared_ptr<FileOrigin> open_url(const Fetcher& fetcher, const std::string& url,
                                     const std::optional<Digest>& expected, const std::string& path,
                                     const Watch& watch) {
  const WebAddress address = address_of(fetcher.secrets, url);
  auto known = find_remembered(fetcher.store, address);
  if (known) fetcher.store.lease().hold(known->digest);
  const bool is_certain = known && expected && known->digest == *expected;
  // A file known to be another than the expected one is of no use to ask about.
  if (known && expected && !is_certain) known.reset();
  const WebFile file =
      is_certain ? *known : download(fetcher, address, known, expected, watch.stop);
  watch.tell(cat(mask_credentials(url), " is ", file.digest, ", ", human_size(file.size),
                 is_certain ? ", as before" : ""));
  return std::make_shared<UrlOrigin>(fetcher, address, file, path);
}

}  // namespace strata::remote
