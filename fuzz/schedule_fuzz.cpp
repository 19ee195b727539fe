// Schedules from arbitrary text: nothing crashes; what is accepted gives a later time, ever later, and says the same again.
#include <string_view>

#include "platform/jobs/scheduler.hpp"
#include "require.hpp"

using namespace opsteward;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Instant now = FromMillis(1'754'373'780'123);
    for (int round = 0; round < 3; ++round) {
        const auto next = jobs::NextRun(text, now);
        if (!next.ok()) {
            // Only what can never match depends on nothing but the text; it is refused from the start.
            Require(round == 0 && next.error().code == ErrorCode::kInvalidInput && !next.error().caller_text.empty());
            return 0;
        }
        Require(*next > now);
        Require(jobs::NextRun(text, now).value() == *next);
        now = *next;
    }
    return 0;
}
