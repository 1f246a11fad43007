#include "build_result.hpp"

#include <algorithm>
#include <boost/filesystem/path.hpp>

#include "print.hpp"
#include "progress.hpp"
#include "strata/base/file.hpp"
#include "strata/base/json.hpp"
#include "strata/base/text.hpp"
#include "strata/output/write.hpp"
#include "strata/registry/push.hpp"
#include "strata/registry/transfers.hpp"
#include "transfer_progress.hpp"

namespace strata::cli {

namespace {

/// The layers of a result that were promised and have not come.
std::vector<Digest> missing_layers(const Result& result, const store::Store& store) {
  std::vector<Digest> missing;
  for (const oci::Image& image : result.images)
    for (const oci::Descriptor& layer : image.manifest.layers)
      if (store.layers().is_promised(layer.digest)) missing.push_back(layer.digest);
  return missing;
}

void bring_layers(const Result& result, const store::Store& store) {
  const std::vector<Digest> missing = missing_layers(result, store);
  registry::for_each_transfer(missing.size(),
                              [&](std::size_t i) { store.layers().bring(missing[i]); });
}

/// To the registry of each of its names.
void push(const Result& result, const std::vector<oci::Reference>& names,
          const BuildRequest& request, RegistryAccess& access, Session& session,
          const std::stop_token& stop) {
  for (const oci::Reference& name : names) {
    TransferProgress progress(make_progress(request.progress, Reasons::first), Direction::push);
    if (result.index)
      registry::push(access.registries(), session.store(), *result.index, name, progress, stop);
    else
      registry::push(access.registries(), session.store(), result.images.front(), name, progress,
                     stop);
  }
}

bool is_push(const output::OutputSpec& output) {
  return output.type == output::OutputType::registry;
}

void list(const Result& result, const BuildRequest& request, const store::Images& images) {
  if (result.index)
    images.put(*result.index, request.names);
  else
    images.put(result.images.front(), request.names);
}

void write(const Result& result, const output::OutputSpec& output, const BuildRequest& request,
           Session& session) {
  if (result.index)
    return output::write_output(session.store(), *result.index, request.names, output);
  const store::NamedImage named{result.images.front(), request.names};
  output::write_output(session.store(), std::span(&named, 1), output);
}

}  // namespace

void write_host_file(const std::string& path, std::string_view text) {
  const boost::filesystem::path file(path);
  const std::string parent = file.has_parent_path() ? file.parent_path().string() : ".";
  write_file(Root::open(parent).fd(), file.filename().string(), text, Durability::none);
}

Result make_result(std::vector<oci::Image> images) {
  Result result;
  if (images.size() > 1) result.index = oci::make_index(images);
  result.images = std::move(images);
  return result;
}

void deliver(const Result& result, const BuildRequest& request, RegistryAccess& access,
             Session& session, const std::stop_token& stop) {
  const auto& outputs = request.outputs;
  const bool is_pushed = std::any_of(outputs.begin(), outputs.end(), is_push);
  const bool is_pushed_alone = is_pushed && std::all_of(outputs.begin(), outputs.end(), is_push);
  if (!is_pushed_alone) bring_layers(result, session.store());
  const std::size_t missing = missing_layers(result, session.store()).size();
  // Without a name and with another place to go, it need not be listed in the store.
  if ((!request.names.empty() || outputs.empty()) && missing == 0)
    list(result, request, session.store().images());
  for (const output::OutputSpec& output : outputs) {
    if (is_push(output))
      push(result, output.names.empty() ? request.names : output.names, request, access, session,
           stop);
    else
      write(result, output, request, session);
  }
  const bool is_silent = request.progress == "json" || request.progress == "quiet";
  if (!request.names.empty() && missing > 0 && !is_silent)
    print_note(cat("not listed here: ", missing, missing == 1 ? " layer" : " layers",
                   " went from registry to registry; strata pull fetches what is missing"));
}

void write_result_files(const Result& result, const BuildRequest& request) {
  if (!request.id_file.empty()) write_host_file(request.id_file, to_string(result.id()));
  if (request.metadata_file.empty()) return;
  json::object metadata;
  if (!result.index) metadata["containerimage.config.digest"] = to_string(result.id());
  metadata["containerimage.digest"] = to_string(result.digest());
  std::vector<std::string> names;
  for (const oci::Reference& name : request.names) names.push_back(oci::canonical_name(name));
  if (!names.empty()) metadata["image.name"] = join(names, ",");
  write_host_file(request.metadata_file, to_pretty_text(metadata) + '\n');
}

void tell_result(const Result& result, const BuildRequest& request) {
  if (request.progress == "quiet") return print_line(to_string(result.id()));
  if (request.progress == "json") return;
  for (const oci::Image& image : result.images)
    print_note(cat("image ", to_string(image.id()),
                   result.index ? cat(" for ", to_string(image.config.platform)) : ""));
  if (result.index) print_note(cat("index ", to_string(result.id())));
  for (const oci::Reference& name : request.names)
    print_note(cat("named ", oci::familiar_name(name)));
}

}  // namespace strata::cli
