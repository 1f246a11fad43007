#include "strata/remote/credentials.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::remote {

namespace {

/// What servers of repositories take a token with, whoever it belongs to.
constexpr std::string_view token_user = "x-access-token";

enum class Form { header, bearer, basic };

/// One kind of id: all of it, or what stands before the host.
struct Kind {
  std::string_view name;
  bool has_host;
  Form form;
};

constexpr std::array file_kinds{Kind{"HTTP_AUTH_HEADER_", true, Form::header},
                                Kind{"HTTP_AUTH_TOKEN_", true, Form::bearer}};
constexpr std::array repository_kinds{
    Kind{"GIT_AUTH_HEADER.", true, Form::header},  Kind{"GIT_AUTH_TOKEN.", true, Form::basic},
    Kind{"HTTP_AUTH_HEADER_", true, Form::header}, Kind{"HTTP_AUTH_TOKEN_", true, Form::basic},
    Kind{"GIT_AUTH_HEADER", false, Form::header},  Kind{"GIT_AUTH_TOKEN", false, Form::basic}};

std::span<const Kind> kinds_for(Wanted wanted) {
  if (wanted == Wanted::file) return file_kinds;
  return repository_kinds;
}

/// How an id may call the host of a URL: as the URL does, and in the plainest way.
std::vector<std::string> names_of_host(const Url& url) {
  const bool is_usual = url.port.empty() || url.port == (url.scheme == "https" ? "443" : "80");
  const std::string port = url.port.empty() ? "" : cat(":", url.port);
  std::vector<std::string> names{cat(url.host, port)};
  const std::string plain = cat(to_lower(url.host), is_usual ? "" : port);
  if (plain != names.front()) names.push_back(plain);
  return names;
}

/// What a file of a secret ends with is not part of it; inside, nothing may end the header.
std::string header_text(const std::string& id, const std::string& bytes) {
  const std::string_view text = trim(bytes);
  const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f;
  });
  if (text.empty() || has_control) {
    fail(ErrorKind::usage, "the secret ", quoted(id), " is sent as a header: expected one line, ",
         text.empty() ? "found nothing" : "found control characters");
  }
  return std::string(text);
}

std::string authorization(Form form, const std::string& text) {
  if (form == Form::bearer) return "Bearer " + text;
  if (form == Form::basic) return basic_authorization(token_user, text);
  return text;
}

}  // namespace

std::optional<Credential> find_credential(const Secrets& secrets, const Url& url, Wanted wanted) {
  if (url.scheme != "https" && url.scheme != "http") return std::nullopt;
  const std::vector<std::string> hosts = names_of_host(url);
  for (const Kind& kind : kinds_for(wanted)) {
    for (const std::string& host : kind.has_host ? hosts : std::vector<std::string>{""}) {
      const auto secret = secrets.find(cat(kind.name, host));
      if (secret == secrets.end()) continue;
      const std::string text = header_text(secret->first, secret->second);
      return Credential{secret->first, authorization(kind.form, text),
                        kind.has_host || url.scheme == "https"};
    }
  }
  return std::nullopt;
}

std::string basic_authorization(std::string_view user, std::string_view password) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string bytes = cat(user, ":", password);
  std::string out = "Basic ";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      out += j <= count ? letters[group >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

}  // namespace strata::remote
