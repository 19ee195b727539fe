// What is wrong with the program and its records, and who has to see to it.
#pragma once

#include <string>
#include <vector>

#include "platform/console/services.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console::records {

inline constexpr std::string_view kMayReadSettings = "settings.read";

struct Concern {
    web::Tone tone = web::Tone::kAttention;
    Text title;
    Text detail;
    std::string href;
};

/// The pack's files, checks that were refused, the certificate, the disk.
Result<std::vector<Concern>> SettingsConcerns(const Services& services, Instant now);

/// For 我的待辦: an audit chain that is broken or can't be sealed for everybody who reads the trail, failing jobs for those who manage jobs, the
/// settings for administrators.
Result<std::vector<platform::Task>> RecordsTasks(const Services& services, const web::RequestContext& context);

}  // namespace opsteward::console::records
