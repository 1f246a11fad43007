#pragma once
/// One exchange with a loopback server, and what a client gets of it.

#include <string>
#include <vector>

#include "strata/base/error.hpp"
#include "strata/http/client.hpp"
#include "unit/http/loopback_server.hpp"

namespace strata::http {

inline Settings quick_settings() {
  Settings settings;
  settings.first_pause = std::chrono::milliseconds(1);
  settings.stall_max = std::chrono::seconds(1);
  settings.attempts_max = 3;
  return settings;
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline std::string ok(const std::string& body, const std::string& headers = {}) {
  return cat("HTTP/1.1 200 OK\r\n", headers, "Content-Length: ", body.size(), "\r\n\r\n", body);
}

inline std::string redirect(int status, const std::string& where) {
  return cat("HTTP/1.1 ", status, " Moved\r\nLocation: ", where, "\r\nContent-Length: 0\r\n\r\n");
}

/// What a client gets: each time a body begins, one more text.
struct Received {
  std::vector<StringSink> bodies;
  Answer answer;
  std::string body() const { return bodies.empty() ? "" : bodies.back().text(); }
};

inline Received send(const Request& request, const Settings& settings = quick_settings(),
                     const Watch& watch = {}) {
  Received received;
  received.bodies.reserve(10);
  const Client client(settings);
  received.answer = client.send(
      request, [&](const Answer&) -> Sink& { return received.bodies.emplace_back(); }, watch);
  return received;
}

inline Received get(const std::string& url, Headers headers = {}) {
  Request request;
  request.url = url;
  request.headers = std::move(headers);
  return send(request);
}

inline Error error_of(const std::string& url) {
  try {
    get(url);
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorKind::usage, "no error");
}

}  // namespace strata::http
