#pragma once
/// A blob on its way into a repository (OCI distribution-spec, "Pushing blobs").

#include <string>
#include <vector>

#include "registry/host.hpp"
#include "strata/registry/repository.hpp"

namespace strata::registry {

Scopes push_scope(const std::string& name);

/// Used once, in one thread. Borrows all it is given.
class Upload {
 public:
  Upload(Host& host, const std::string& name, const BlobFile& blob, const http::Watch& watch)
      : host_(host), name_(name), blob_(blob), watch_(watch) {}

  Arrival run(const std::vector<std::string>& mount_from);
  /// As run, but does not send: nothing if that is what is left to do.
  std::optional<Arrival> offer(const std::vector<std::string>& mount_from);

 private:
  bool is_there(unsigned attempts);
  bool mount(const std::string& from);
  void send_all();
  /// One way from where the upload stands to its end. What may go better another time is said in
  /// `trouble_`; false then.
  bool go_on();
  void check(const http::Answer& answer);
  void begin();
  bool find_where_it_stands();
  http::Answer send_piece(const std::string& method, const std::string& url, std::uint64_t size);
  http::Answer send(http::Request request);
  http::Answer finish(std::uint64_t size);
  bool take_location(const http::Answer& answer);
  std::string doing() const;

  Host& host_;
  const std::string& name_;
  const BlobFile& blob_;
  const http::Watch& watch_;
  Scopes scopes_ = push_scope(name_);
  /// What is lost if a connection breaks, and what some servers in between take in one request.
  std::uint64_t piece_size_ = 64u << 20;
  std::string location_;       ///< where the next piece goes; empty before the upload has begun
  std::uint64_t offset_ = 0;   ///< bytes that the registry has
  bool is_uncertain_ = false;  ///< whether it has them: something went wrong
  std::string trouble_;
  std::optional<std::chrono::milliseconds> asked_pause_;
};

}  // namespace strata::registry
