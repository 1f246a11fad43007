#include "build_request.hpp"

#include <algorithm>
#include <array>

#include "command.hpp"
#include "emulators.hpp"
#include "offers.hpp"
#include "session.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/plan/epoch.hpp"

namespace strata::cli {

namespace {

/// Options of other builders that people's hands know and that do nothing here yet: refused by
/// name, never ignored.
constexpr std::array not_supported{"attest", "cgroup-parent", "provenance", "sbom", "squash"};

void add_unsupported_options(Syntax& syntax) {
  for (const char* name : not_supported)
    syntax.options.add_options()(
        name, po::value<Words>()->composing()->implicit_value({"true"}, ""), "not supported yet");
}

void refuse_unsupported(const Arguments& arguments) {
  for (const char* name : not_supported)
    if (arguments.has(name)) fail(ErrorKind::usage, "not supported yet: --", name);
}

/// --build-arg NAME takes its value from the environment, as Docker's.
std::map<std::string, std::string> read_build_args(const Words& words) {
  std::map<std::string, std::string> build_args;
  for (const std::string& word : words) {
    auto [key, value] = split_key_value(word);
    if (key.empty())
      fail(ErrorKind::usage, "--build-arg: expected NAME=VALUE, found ", quoted(word));
    if (!value) value = find_variable(key.c_str());
    if (value) build_args[key] = *value;
  }
  // As buildx: the environment's epoch counts, and shows to stages, as if it had been given here.
  if (const auto epoch = find_variable(plan::epoch_argument))
    build_args.try_emplace(plan::epoch_argument, *epoch);
  return build_args;
}

std::vector<std::pair<std::string, std::string>> read_pairs(const char* option, const Words& words,
                                                            char separator) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& word : words) {
    const std::size_t cut = word.find(separator);
    if (cut == 0 || (cut == std::string::npos && separator != '='))
      fail(ErrorKind::usage, option, ": expected NAME", separator, "VALUE, found ", quoted(word));
    pairs.emplace_back(word.substr(0, cut),
                       cut == std::string::npos ? std::string() : word.substr(cut + 1));
  }
  return pairs;
}

struct NetworkName {
  std::string_view name;
  plan::RunProcess::Network network;
};
constexpr std::array networks{NetworkName{"default", plan::RunProcess::Network::standard},
                              NetworkName{"none", plan::RunProcess::Network::none},
                              NetworkName{"host", plan::RunProcess::Network::host}};

plan::RunProcess::Network read_network(const std::string& text) {
  for (const auto& [name, network] : networks)
    if (name == text) return network;
  fail(ErrorKind::usage, "--network: expected default, none or host, found ", quoted(text));
}

std::vector<oci::Platform> read_platforms(const Words& words) {
  std::vector<oci::Platform> platforms;
  for (const std::string& list : words)
    for (const std::string& text : split(list, ',')) {
      const oci::Platform platform = oci::parse_platform(text);
      if (std::find(platforms.begin(), platforms.end(), platform) == platforms.end())
        platforms.push_back(platform);
    }
  if (platforms.empty()) platforms.push_back(oci::host_platform());
  return platforms;
}

/// --format belongs to --check.
bool read_check_as_json(const Arguments& arguments) {
  const std::string format = arguments.text("format", "text");
  if (arguments.has("format") && !arguments.is_set("check"))
    fail(ErrorKind::usage, "--format goes with --check; --progress says how a build is shown");
  if (format != "text" && format != "json")
    fail(ErrorKind::usage, "--format: expected text or json, found ", quoted(format));
  return format == "json";
}

/// Known before the build, not after it.
void check_push_names(const BuildRequest& request) {
  for (const output::OutputSpec& output : request.outputs)
    if (output.type == output::OutputType::registry && output.names.empty() &&
        request.names.empty())
      fail(ErrorKind::usage, "to push an image it needs a name: -t NAME, or name=NAME in -o");
}

unsigned read_jobs(const std::string& text) {
  const auto jobs = parse_decimal(text);
  if (!jobs || *jobs == 0 || *jobs > 1000)
    fail(ErrorKind::usage, "--jobs: expected a number from 1 to 1000, found ", quoted(text));
  return static_cast<unsigned>(*jobs);
}

}  // namespace

void add_plan_options(Syntax& syntax) {
  add_value(syntax, "file,f", "the Dockerfile (default: CONTEXT/Dockerfile), - for standard input");
  add_value(syntax, "target", "the stage to build, by name or number (default: the last one)");
  add_values(syntax, "build-arg", "NAME=VALUE of an ARG; NAME alone takes it from the environment");
  add_values(syntax, "build-context",
             "NAME=PLACE for FROM and --from: a directory, tar, URL, docker-image://NAME,\n"
             "oci-layout://PATH[:TAG] or target:STAGE");
  add_values(syntax, "label", "NAME=VALUE, a label of the image");
  add_values(syntax, "platform", "what to build for, several with commas (default: this machine)");
  add_value(syntax, "network", "default, none or host, for RUN");
  add_switch(syntax, "pull", "ask registries for all base images, also for those that are here");
  add_registry_options(syntax);
  add_switch(syntax, "no-cache", "run every step");
  add_values(syntax, "no-cache-filter", "run every step of this stage");
}

PlanRequest read_plan_request(const Arguments& arguments) {
  PlanRequest request;
  request.context = arguments.words().front();
  request.dockerfile = arguments.text("file");
  plan::Options& plan = request.plan;
  request.contexts = read_named_contexts(arguments.texts("build-context"), plan.contexts);
  plan.target = arguments.text("target");
  plan.build_args = read_build_args(arguments.texts("build-arg"));
  plan.labels = read_pairs("--label", arguments.texts("label"), '=');
  request.platforms = read_platforms(arguments.texts("platform"));
  plan.platform = request.platforms.front();
  plan.emulated = [] { return emulated_platforms(); };
  plan.network = read_network(arguments.text("network", "default"));
  request.pull = arguments.is_set("pull");
  request.registry = read_registry_request(arguments);
  plan.no_cache = arguments.is_set("no-cache");
  for (const std::string& list : arguments.texts("no-cache-filter"))
    for (const std::string& stage : split(list, ',')) plan.no_cache_stages.insert(to_lower(stage));
  return request;
}

Syntax build_syntax() {
  Syntax syntax{
      "strata build [OPTIONS] CONTEXT",
      "Builds an image from a Dockerfile and the files of CONTEXT, a directory or - for a\n"
      "Dockerfile alone on standard input."};
  syntax.words_min = syntax.words_max = 1;
  add_values(syntax, "tag,t", "a name for the image: NAME[:TAG]");
  add_plan_options(syntax);
  add_values(syntax, "output,o",
             "where the result goes: type=oci|docker|tar|local,dest=PATH; - is standard output;\n"
             "type=registry[,name=NAME] pushes it");
  add_switch(syntax, "push", "as -o type=registry");
  add_shared_cache_options(syntax);
  add_offer_options(syntax);
  add_values(syntax, "add-host", "NAME:ADDRESS, for /etc/hosts in RUN");
  add_value(syntax, "jobs", "how many stages are built side by side (default: 4)");
  add_value(syntax, "iidfile", "write the image's id to this file");
  add_value(syntax, "metadata-file", "write digests and names as JSON to this file");
  add_value(syntax, "progress", "auto, tty, plain, json or quiet");
  add_switch(syntax, "quiet,q", "print the image's id alone");
  add_switch(syntax, "explain", "tell every reason why a step was not cached");
  add_switch(syntax, "timings", "show at the end where each step's time went");
  add_value(syntax, "trace", "write where the time went to this file, in Chrome's trace format");
  add_switch(syntax, "check", "look for questionable lines in the Dockerfile, and build nothing");
  add_value(syntax, "format", "text or json, for --check");
  add_switch(syntax, "hints", "tell too what makes the image larger or the build less repeatable");
  add_unsupported_options(syntax);
  return syntax;
}

BuildRequest read_build_request(const Arguments& arguments) {
  refuse_unsupported(arguments);
  BuildRequest request;
  request.plan = read_plan_request(arguments);
  for (const std::string& name : arguments.texts("tag"))
    request.names.push_back(oci::parse_reference(name));
  for (const std::string& text : arguments.texts("output"))
    request.outputs.push_back(output::parse_output(text));
  if (arguments.is_set("push")) request.outputs.push_back(output::parse_output("type=registry"));
  check_push_names(request);
  request.progress = arguments.is_set("quiet") ? "quiet" : arguments.text("progress", "auto");
  request.explain = arguments.is_set("explain");
  request.check = arguments.is_set("check");
  request.check_as_json = read_check_as_json(arguments);
  request.hints = arguments.is_set("hints");
  request.jobs = read_jobs(arguments.text("jobs", "4"));
  request.id_file = arguments.text("iidfile");
  request.metadata_file = arguments.text("metadata-file");
  request.offers = read_offers(arguments);
  request.plan.secrets = request.offers.secrets;
  if (const auto agent = request.offers.agents.find("default");
      agent != request.offers.agents.end())
    request.plan.agent = agent->second;
  request.limits = read_limits(arguments);
  request.plan.plan.grants = read_grants(arguments, request.offers);
  request.timings = arguments.is_set("timings");
  request.trace_file = arguments.text("trace");
  request.shared_cache = read_shared_cache_request(arguments);
  request.extra_hosts = read_pairs("--add-host", arguments.texts("add-host"), ':');
  return request;
}

}  // namespace strata::cli
