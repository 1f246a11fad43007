#include "mount_sources.hpp"

#include <array>

#include "place_part.hpp"
#include "sources.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/exec/check_sources.hpp"

namespace strata::exec {

namespace {

/// The place that a mount takes files from, and the path there; nothing if it takes none.
struct WhatIsTaken {
  std::optional<std::pair<plan::Origin, std::string>> operator()(
      const plan::BindMount& bind) const {
    return std::pair(bind.origin, bind.source);
  }
  std::optional<std::pair<plan::Origin, std::string>> operator()(
      const plan::CacheMount& cache) const {
    if (!cache.origin) return std::nullopt;
    return std::pair(*cache.origin, cache.source);
  }
  template <class Other>
  std::optional<std::pair<plan::Origin, std::string>> operator()(const Other&) const {
    return std::nullopt;
  }
};

/// Does `work` for the source of a mount, if it has one, and says in errors for which it is.
template <class Work>
void with_source(const plan::Mount& mount, const Work& work) {
  const auto taken = std::visit(WhatIsTaken{}, mount.kind);
  if (!taken) return;
  try {
    work(taken->first, taken->second);
  } catch (Error& error) {
    throw error.note(cat("it is to be mounted on ", quoted(mount.target)));
  }
}

MountSource find_source(const plan::Origin& origin, const std::string& path,
                        const FindOrigin& find_origin) {
  auto place = find_origin(origin);
  const bool from_context = std::holds_alternative<plan::FromContext>(origin);
  PlacePart part =
      find_part(*place, path, describe_origin(origin), from_context ? Owners::root : Owners::kept);
  return {std::move(place), std::move(part)};
}

std::string look_text(std::uint32_t mode, std::uint32_t uid, std::uint32_t gid) {
  constexpr std::string_view digits = "01234567";
  std::string octal;
  for (int shift = 9; shift >= 0; shift -= 3) octal += digits[mode >> shift & 7];
  return cat(octal, ' ', uid, ':', gid);
}

/// A mount as an ingredient's value.
struct MountValue {
  const std::optional<MountSource>& source;

  std::string operator()(const plan::BindMount& bind) const {
    return cat("bind", access(bind.read_only), shown());
  }
  std::string operator()(const plan::CacheMount& cache) const {
    std::string value = cat("cache", access(cache.read_only));
    if (!source) return cat(value, cache.source.empty() ? "" : cat(", of it ", cache.source));
    return value + shown();
  }
  std::string operator()(const plan::TmpfsMount& tmpfs) const {
    return cat("tmpfs", access(tmpfs.read_only), ", at most ", tmpfs.size_max);
  }
  std::string operator()(const plan::SecretMount& secret) const {
    return cat("secret ", secret.id, " ", look_text(secret.mode, secret.uid, secret.gid),
               secret.variable.empty() ? "" : cat(", variable ", secret.variable));
  }
  std::string operator()(const plan::AgentMount& agent) const {
    return cat("ssh ", agent.id, " ", look_text(agent.mode, agent.uid, agent.gid));
  }

 private:
  static std::string_view access(bool read_only) { return read_only ? "" : ", writable"; }

  std::string shown() const {
    const PlacePart& part = source->part;
    return cat(part.is_directory ? ", directory " : ", file ",
               tree_digest(part.tree, CompareTimes::no));
  }
};

std::string ingredient_name(const plan::Mount& mount) {
  if (!mount.target.empty()) return cat("mount ", mount.target);
  return cat("mount of variable ", std::get<plan::SecretMount>(mount.kind).variable);
}

}  // namespace

MountSources find_mount_sources(const plan::RunProcess& step, const FindOrigin& find_origin) {
  MountSources sources;
  for (const plan::Mount& mount : step.mounts) {
    sources.emplace_back();
    with_source(mount, [&](const plan::Origin& origin, const std::string& path) {
      sources.back() = find_source(origin, path, find_origin);
    });
  }
  return sources;
}

std::vector<Error> check_sources(const plan::RunProcess& run, const FindOrigin& find_origin) {
  std::vector<Error> mistakes;
  const auto check = [&](const plan::Origin& origin, const std::string& path) {
    if (std::holds_alternative<plan::FromStage>(origin)) return;
    find_plain_source(path, *find_origin(origin), describe_origin(origin));
  };
  for (const plan::Mount& mount : run.mounts) {
    try {
      with_source(mount, check);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::not_found) throw;
      mistakes.push_back(error);
    }
  }
  return mistakes;
}

void add_mount_ingredients(const plan::RunProcess& step, const MountSources& sources,
                           plan::Ingredients& ingredients, NamedTrees& trees) {
  for (std::size_t i = 0; i < step.mounts.size(); ++i) {
    const plan::Mount& mount = step.mounts[i];
    std::string name = ingredient_name(mount);
    while (ingredients.find(name)) name += " again";
    if (sources[i]) trees[name] = sources[i]->part.tree;
    ingredients.add(std::move(name), std::visit(MountValue{sources[i]}, mount.kind));
  }
}

}  // namespace strata::exec
