#include "net/event_hub.hpp"

#include <algorithm>

namespace opsteward::net {
namespace {

/// WHATWG HTML section 9.2.6: a line of data ends at CR LF, LF or CR, so text with any of these needs several "data:"
/// lines; a line break in the name would begin another field.
std::string MakeFrame(std::string_view event, std::string_view data) {
    std::string frame;
    frame.reserve(event.size() + data.size() + 24);
    if (!event.empty()) {
        frame.append("event: ");
        std::copy_if(event.begin(), event.end(), std::back_inserter(frame),
                     [](char c) { return c != '\r' && c != '\n' && c != '\0'; });
        frame.append("\n");
    }
    for (;;) {
        const auto end = data.find_first_of("\r\n");
        frame.append("data: ").append(data.substr(0, end)).append("\n");
        if (end == std::string_view::npos) break;
        data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
    }
    return frame.append("\n");
}

}  // namespace

void EventHub::Publish(std::string_view channel, std::string_view event, std::string_view data) {
    const MutexLock lock(mutex_);
    std::shared_ptr<const std::string> frame;
    for (const auto& [id, subscription] : sinks_) {
        if (subscription.first != channel) continue;
        if (!frame) frame = std::make_shared<const std::string>(MakeFrame(event, data));
        subscription.second(frame);
    }
}

std::uint64_t EventHub::Subscribe(std::string_view channel, Sink sink) {
    const MutexLock lock(mutex_);
    const std::uint64_t id = next_id_++;
    sinks_.emplace(id, std::make_pair(std::string(channel), std::move(sink)));
    return id;
}

void EventHub::Unsubscribe(std::uint64_t id) {
    const MutexLock lock(mutex_);
    sinks_.erase(id);
}

}  // namespace opsteward::net
