// Files of /proc: what is taken from them is sound, whatever they hold.
#include <arpa/inet.h>

#include <array>
#include <string_view>

#include "features/inventory/host/proc_net.hpp"
#include "features/inventory/host/process_list.hpp"
#include "features/inventory/host/usage_files.hpp"
#include "require.hpp"

using namespace opsteward::inventory::host;

namespace {

void CheckSockets(std::string_view text, Transport transport) {
    for (const ListeningSocket& socket : ParseProcNet(text, transport)) {
        std::array<unsigned char, 16> bytes{};
        const bool is_v6 = socket.address.find(':') != std::string::npos;
        Require(::inet_pton(is_v6 ? AF_INET6 : AF_INET, socket.address.c_str(), bytes.data()) == 1);
        Require(socket.port >= 0 && socket.port <= 65535 && socket.uid >= 0);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    CheckSockets(text, Transport::kTcp);
    CheckSockets(text, Transport::kUdp);
    if (const auto status = ParseProcessStatus(text)) Require(!status->name.empty());
    if (const auto memory = ParseMeminfo(text)) {
        Require(memory->available_bytes <= memory->total_bytes && memory->swap_free_bytes <= memory->swap_total_bytes);
    }
    if (const auto ticks = ParseProcStat(text)) {
        const auto ratio = BusyRatio({}, *ticks);
        Require(!ratio || (*ratio >= 0 && *ratio <= 1));
    }
    for (const Mount& mount : ParseStorageMounts(text)) Require(!mount.point.empty() && !mount.type.empty());
    ParseNetDev(text);
    for (const auto& [name, addresses] : ParseIfInet6(text)) Require(!name.empty() && !addresses.empty());
    return 0;
}
