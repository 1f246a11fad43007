#include "transfer_progress.hpp"

#include "strata/base/text.hpp"

namespace strata::cli {

namespace {

std::string count_text(std::size_t count, std::string_view one) {
  return cat(count, ' ', one, count == 1 ? "" : "s");
}

/// "5 layers: 2 are here (80MB), 3 to come (40MB)".
std::string plan_text(const registry::TransferPlanned& planned, Direction direction) {
  if (direction == Direction::push)
    return cat(count_text(planned.blobs_to_move, "blob"), ", ", human_size(planned.bytes_to_move),
               ": those that the registry has are not sent");
  return cat(count_text(planned.blobs_here + planned.blobs_to_move, "layer"), ": ",
             planned.blobs_here, planned.blobs_here == 1 ? " is" : " are", " here (",
             human_size(planned.bytes_here), "), ", planned.blobs_to_move, " to come (",
             human_size(planned.bytes_to_move), ")");
}

build::StepId step_of(std::size_t number) { return {0, number}; }

}  // namespace

void TransferProgress::on_event(const registry::TransferEvent& event) {
  const std::lock_guard lock(mutex_);
  std::visit([this](const auto& happened) { tell(happened); }, event);
}

void TransferProgress::tell(const registry::TransferPlanned& planned) {
  count_ = planned.blobs_to_move;
  shown_->on_event(build::Notice{plan_text(planned, direction_)});
}

void TransferProgress::tell(const registry::BlobStarted& started) {
  const std::string text = cat(direction_ == Direction::pull ? "layer " : "blob ",
                               started.digest.short_hex(), ' ', human_size(started.size));
  blobs_[started.number] = {started.digest.short_hex(), started.size,
                            std::chrono::steady_clock::now()};
  shown_->on_event(build::StepStarted{step_of(started.number), "", count_, text});
}

void TransferProgress::tell(const registry::BlobMoved& moved) {
  shown_->on_event(build::StepProgress{step_of(moved.number), moved.bytes});
}

void TransferProgress::tell(const registry::BlobDone& done) {
  const Blob& blob = blobs_.at(done.number);
  if (done.arrival == registry::Arrival::sent) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - blob.start);
    shown_->on_event(build::StepDone{step_of(done.number),
                                     static_cast<std::uint64_t>(elapsed.count()), blob.text,
                                     blob.size, build::LayerResult::written});
    return;
  }
  if (done.arrival == registry::Arrival::mounted)
    shown_->on_event(build::Notice{cat("blob ", blob.text, " is mounted from another repository")});
  shown_->on_event(build::StepCached{step_of(done.number), blob.text});
}

void TransferProgress::tell(const registry::TransferNotice& notice) {
  shown_->on_event(build::Notice{notice.text});
}

}  // namespace strata::cli
