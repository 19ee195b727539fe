// FortiOS traffic log lines and comments of arbitrary bytes: nothing crashes, what is read lies in the line and is the same each time.
#include <string>
#include <string_view>

#include "features/firewall/idle/fortigate_log_line.hpp"
#include "features/firewall/idle/requested_period.hpp"
#include "require.hpp"

using namespace opsteward::firewall;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string line(reinterpret_cast<const char*>(data), size);
    const auto hit = ReadFortigateLogLine(line);
    if (hit) {
        Require(!hit->policy_id.empty() || !hit->uuid.empty());
        for (const std::string& part : {hit->device, hit->vdom, hit->uuid, hit->policy_id}) Require(line.find(part) != std::string::npos);
        Require(ReadFortigateLogLine(line) == hit);
    }
    const RequestedPeriod period = FindRequestedPeriod(line);
    Require(line.find(period.request) != std::string::npos);
    return 0;
}
