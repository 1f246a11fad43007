#pragma once
/// The members of everything that travels between the engine and the helper.

#include "sandbox/archive.hpp"
#include "sandbox/message.hpp"
#include "strata/sandbox/spec.hpp"

namespace strata::sandbox {

template <class Archive, Either<Layers> T>
void describe(Archive& archive, T& layers) {
  archive(layers.lowers, layers.upper, layers.work);
}

template <class Archive, Either<Mount> T>
void describe(Archive& archive, T& mount) {
  archive(mount.kind, mount.source, mount.source_fd, mount.layers, mount.subpath, mount.target,
          mount.read_only, mount.no_exec, mount.content, mount.mode, mount.uid, mount.gid,
          mount.size_max);
}

template <class Archive, Either<Device> T>
void describe(Archive& archive, T& device) {
  archive(device.path, device.mode, device.number, device.uid, device.gid);
}

template <class Archive, Either<ResourceLimit> T>
void describe(Archive& archive, T& limit) {
  archive(limit.resource, limit.soft, limit.hard);
}

template <class Archive, Either<Identity> T>
void describe(Archive& archive, T& identity) {
  archive(identity.uid, identity.gid, identity.groups);
}

template <class Archive, Either<RootFs> T>
void describe(Archive& archive, T& rootfs) {
  archive(rootfs.lowers, rootfs.upper, rootfs.work, rootfs.read_only);
}

template <class Archive, Either<Spec> T>
void describe(Archive& archive, T& spec) {
  archive(spec.rootfs, spec.scratch_dir, spec.mounts, spec.devices, spec.shm_size_max, spec.argv,
          spec.env, spec.cwd, spec.identity, spec.network, spec.hostname, spec.extra_hosts,
          spec.privileged, spec.tty, spec.pids_max, spec.limits);
}

template <class Archive, Either<Ready> T>
void describe(Archive& archive, T& ready) {
  archive(ready.stubs);
}

template <class Archive, Either<Ended> T>
void describe(Archive& archive, T& ended) {
  archive(ended.wait_status, ended.memory_peak);
}

template <class Archive, Either<Failed> T>
void describe(Archive& archive, T& failed) {
  archive(failed.kind, failed.message, failed.notes);
}

}  // namespace strata::sandbox
