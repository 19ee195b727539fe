// What the kernel shows in /proc.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "features/inventory/host/proc_net.hpp"
#include "features/inventory/host/process_list.hpp"
#include "features/inventory/host/testing/machine_folder.hpp"
#include "features/inventory/host/usage_files.hpp"

namespace opsteward::inventory::host {
namespace {

std::string SocketLine(std::string_view local, std::string_view state,
                       std::string_view rest = "00000000:00000000 00:00000000 00000000") {
    return fmt::format("   0: {} 00000000:0000 {} {}   107        0 18742 1 0 100 0 0 10 0\n", local, state, rest);
}

TEST(ProcNet, ReadsAddressesInTheOrderOfThisMachine) {
    struct Case {
        const char* hex;
        const char* address;
        bool is_loopback;
    };
    for (const Case& each : {
             Case{"00000000", "0.0.0.0", false},
             Case{"0100007F", "127.0.0.1", true},
             Case{"3500007F", "127.0.0.53", true},
             Case{"0A0200C0", "192.0.2.10", false},
             Case{"00000000000000000000000000000000", "::", false},
             Case{"00000000000000000000000001000000", "::1", true},
             Case{"000080FE00000000FF00FC02010000FE", "fe80::2fc:ff:fe00:1", false},
             Case{"B80D0120000000000000000001000000", "2001:db8::1", false},
             Case{"0000000000000000FFFF00000100007F", "::ffff:127.0.0.1", true},
             Case{"0000000000000000FFFF00000A0200C0", "::ffff:192.0.2.10", false},
         }) {
        const auto sockets = ParseProcNet(SocketLine(std::string(each.hex) + ":1F90", "0A"), Transport::kTcp);
        ASSERT_EQ(sockets.size(), 1u) << each.hex;
        EXPECT_EQ(sockets[0], (ListeningSocket{each.address, 8080, 107, 18742, each.is_loopback}));
    }
}

TEST(ProcNet, OnlyThoseThatWaitAreListed) {
    for (const char* state : {"01", "02", "03", "04", "05", "06", "07", "08", "09", "0B", "0C"}) {
        EXPECT_TRUE(ParseProcNet(SocketLine("00000000:0016", state), Transport::kTcp).empty()) << state;
    }
    EXPECT_EQ(ParseProcNet(SocketLine("00000000:0016", "0A"), Transport::kTcp).size(), 1u);
    EXPECT_EQ(ParseProcNet(SocketLine("00000000:0035", "07"), Transport::kUdp).size(), 1u);
    EXPECT_TRUE(ParseProcNet(SocketLine("00000000:0035", "01"), Transport::kUdp).empty());
}

TEST(ProcNet, LinesThatAreNotAsDocumentedArePassedOver) {
    const std::string good = SocketLine("00000000:0016", "0A");
    for (const std::string& line :
         {std::string(), std::string("\n\n"),
          std::string("  sl  local_address rem_address   st tx_queue rx_queue tr\n"), good.substr(0, 40) + "\n",
          SocketLine("00000000", "0A"), SocketLine("0000000:0016", "0A"), SocketLine("ZZZZZZZZ:0016", "0A"),
          SocketLine("00000000:10016", "0A"), SocketLine("00000000:", "0A"), SocketLine("00000000:0016", "0x0A"),
          SocketLine("000000000000000000000000000000000:0016", "0A"), SocketLine("-0000001:0016", "0A")}) {
        const auto sockets = ParseProcNet(line + good, Transport::kTcp);
        EXPECT_EQ(sockets.size(), 1u) << line;
    }
}

TEST(ProcessStatus, HasANameAndAUser) {
    const auto status = ParseProcessStatus("Name:\tnginx\nState:\tS\nUid:\t0\t33\t33\t33\nVmSize:\t 1 kB\n");
    ASSERT_TRUE(status);
    EXPECT_EQ(status->name, "nginx");
    EXPECT_EQ(status->uid, 33);
    EXPECT_TRUE(status->is_program);
    EXPECT_FALSE(ParseProcessStatus("Name:\tkthreadd\nUid:\t0\t0\t0\t0\n")->is_program);
    for (const char* text : {"", "Name:\tx\n", "Uid:\t0\t0\t0\t0\n", "Name:\tx\nUid:\t0\n",
                             "Name:\tx\nUid:\ta\tb\tc\td\n", "Name:\t\nUid:\t0\t0\t0\t0\n"}) {
        EXPECT_FALSE(ParseProcessStatus(text)) << text;
    }
}

void WriteProcess(const MachineFolder& machine, int pid, std::string_view name, int uid) {
    machine.Write(fmt::format("/proc/{}/status", pid),
                  fmt::format("Name:\t{0}\nUid:\t{1}\t{1}\t{1}\t{1}\nVmSize:\t1 kB\n", name, uid));
}

TEST(Processes, AreComparedByTheNameTheKernelKeeps) {
    const MachineFolder machine;
    WriteProcess(machine, 1, "systemd", 0);
    WriteProcess(machine, 20, "systemd-timesyn", 997);
    machine.Write("/proc/self/status", "Name:\tnot-a-number\nUid:\t0\t0\t0\t0\nVmSize:\t1 kB\n");
    machine.Write("/proc/30/status", "garbage");
    const ProcessFacts facts = ReadProcesses(HostFiles(machine.root()));
    EXPECT_FALSE(facts.not_observed);
    EXPECT_EQ(facts.programs.size(), 2u);
    EXPECT_TRUE(facts.Runs("systemd-timesyncd"));
    EXPECT_FALSE(facts.Runs("systemd-time"));
    EXPECT_FALSE(facts.Runs("not-a-number"));
}

TEST(Processes, HiddenOnesMakeTheListIncomplete) {
    for (const auto& [options, is_hidden] : {std::pair{"rw,hidepid=2", true}, std::pair{"rw,hidepid=invisible", true},
                                             std::pair{"rw,hidepid=0", false}, std::pair{"rw", false}}) {
        const MachineFolder machine;
        WriteProcess(machine, 1, "init", 0);
        machine.Write("/proc/self/mountinfo", fmt::format("22 1 0:21 / /proc rw - proc proc {}\n", options));
        const ProcessFacts facts = ReadProcesses(HostFiles(machine.root()));
        EXPECT_EQ(facts.not_observed.has_value(), is_hidden) << options;
        EXPECT_EQ(facts.programs.size(), 1u);
    }
}

TEST(Processes, WithoutProcTheFolderIsNamed) {
    const MachineFolder machine;
    EXPECT_EQ(ReadProcesses(HostFiles(machine.root())).not_observed->en, "There is no /proc.");
}

TEST(SocketOwners, AreNamedByTheirFileElseByTheKernelsName) {
    const MachineFolder machine;
    WriteProcess(machine, 10, "worker", 5);
    WriteProcess(machine, 11, "nofile", 5);
    namespace fs = std::filesystem;
    const auto link = [&](std::string_view path, const char* target) {
        fs::create_directories(machine.OnDisk(path).parent_path());
        fs::create_symlink(target, machine.OnDisk(path));
    };
    link("/proc/10/exe", "/opt/app/server (deleted)");
    link("/proc/10/fd/3", "socket:[700]");
    link("/proc/10/fd/4", "/dev/null");
    link("/proc/10/fd/5", "socket:[x]");
    link("/proc/11/fd/0", "socket:[700]");
    link("/proc/11/fd/1", "socket:[701]");
    const HostFiles files(machine.root());
    const SocketOwners owners = FindSocketOwners(files, ReadProcesses(files), {700});
    EXPECT_EQ(owners, (SocketOwners{{700, {"nofile", "server"}}}));
}

TEST(ProcStat, CountsGuestTimeOnceAndWaitingAsIdle) {
    const auto ticks = ParseProcStat("cpu  10 20 30 400 50 6 7 8 9 10\ncpu0 1\ncpu1 1\nctxt 5\nbtime 1700000000\n");
    ASSERT_TRUE(ticks);
    EXPECT_EQ(ticks->total, 10u + 20 + 30 + 400 + 50 + 6 + 7 + 8);
    EXPECT_EQ(ticks->busy, 10u + 20 + 30 + 6 + 7 + 8);
    EXPECT_EQ(ticks->processors, 2);
    EXPECT_EQ(ticks->booted_at_seconds, 1'700'000'000);
    for (const char* text : {"", "cpu\n", "cpu 1 2\n", "cpu a b c d e\n", "cpu -1 0 0 0 0\n", "btime 5\n"}) {
        EXPECT_FALSE(ParseProcStat(text)) << text;
    }
}

TEST(ProcStat, TheBusyPartStaysWithinTheWhole) {
    EXPECT_DOUBLE_EQ(*BusyRatio({10, 100, 1, {}}, {40, 200, 1, {}}), 0.3);
    EXPECT_DOUBLE_EQ(*BusyRatio({10, 100, 1, {}}, {5, 200, 1, {}}), 0.0);
    EXPECT_DOUBLE_EQ(*BusyRatio({10, 100, 1, {}}, {500, 200, 1, {}}), 1.0);
    EXPECT_FALSE(BusyRatio({10, 100, 1, {}}, {10, 100, 1, {}}));
    EXPECT_FALSE(BusyRatio({10, 100, 1, {}}, {1, 5, 1, {}}));
}

TEST(Meminfo, NeedsTotalAndAvailable) {
    const auto memory = ParseMeminfo(
        "MemTotal: 1000 kB\nMemAvailable: 1200 kB\nSwapTotal: 10 kB\nSwapFree: 20 kB\nHugePages_Total: 0\n");
    ASSERT_TRUE(memory);
    EXPECT_EQ(memory->total_bytes, 1000u * 1024);
    EXPECT_EQ(memory->available_bytes, 1000u * 1024);
    EXPECT_EQ(memory->swap_free_bytes, 10u * 1024);
    for (const char* text :
         {"", "MemTotal: 1000 kB\n", "MemAvailable: 10 kB\n", "MemTotal: 0 kB\nMemAvailable: 0 kB\n",
          "MemTotal: 1000 MB\nMemAvailable: 10 kB\n", "MemTotal: 99999999999999999999 kB\nMemAvailable: 1 kB\n"}) {
        EXPECT_FALSE(ParseMeminfo(text)) << text;
    }
}

TEST(Mounts, AreThoseThatStandForStorage) {
    const auto mounts = ParseStorageMounts(
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "2 1 0:20 / /proc rw - proc proc rw\n"
        "3 1 0:25 / /run rw - tmpfs tmpfs rw\n"
        "4 1 8:1 /srv /srv rw - ext4 /dev/sda1 rw\n"
        "5 1 8:2 / /old rw - ext4 /dev/sda2 rw\n"
        "6 1 8:3 / /old rw shared:1 master:2 - xfs /dev/sda3 rw\n"
        "7 1 7:1 / /snap/x ro - squashfs /dev/loop1 ro\n"
        "8 1 0:50 / /home rw - btrfs /dev/sdb rw\n"
        "9 1 0:51 / /mnt/nfs rw - nfs4 server:/x rw\n"
        "10 1 8:4 / /media/a\\040b rw - vfat /dev/sdc1 rw\n"
        "11 1 0:60 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw\n"
        "12 1 8:9 / /cut rw - ext4\n"
        "garbage\n- - -\n\n");
    std::string seen;
    for (const Mount& mount : mounts) seen += mount.point + " " + mount.type + ";";
    EXPECT_EQ(seen, "/ ext4;/old xfs;/home btrfs;/media/a b vfat;");
    EXPECT_EQ(ParseStorageMounts("1 0 0:70 / / rw - overlay overlay rw\n").size(), 1u);
}

TEST(NetDev, NamesMayHoldColons) {
    const auto interfaces = ParseNetDev(
        "head | er\n eth0:5 0 1 0 0 0 0 0 7 0 2 0 0 0 0 0\n a:1: 1 1 1 1 1 1 1 1 1 1 1\ncut: 1 2\nx: a b c d e f g h i "
        "j k\n");
    ASSERT_EQ(interfaces.size(), 2u);
    EXPECT_EQ(interfaces.at("eth0").receive_bytes, 5u);
    EXPECT_EQ(interfaces.at("eth0").transmit_bytes, 7u);
    EXPECT_EQ(interfaces.at("eth0").errors, 3u);
    EXPECT_TRUE(interfaces.contains("a:1"));
}

TEST(IfInet6, GivesAddressesWithoutThoseThatChangeByThemselves) {
    const auto addresses = ParseIfInet6(
        "20010db8000000000000000000000007 02 40 00 80     eth0\n"
        "20010db80000000012345678abcdef01 02 40 00 01     eth0\n"
        "fe8000000000000000fc00fffe000001 02 40 20 80     eth0\n"
        "00000000000000000000000000000001 01 80 10 80       lo\n"
        "zz000000000000000000000000000001 01 80 10 80       bad\n"
        "00000000000000000000000000000001 01 ff 10 80       bad\n"
        "0001 01 80 10 80 bad\n");
    EXPECT_EQ(addresses, (std::map<std::string, std::vector<std::string>>{
                             {"eth0", {"2001:db8::7/64", "fe80::fc:ff:fe00:1/64"}}, {"lo", {"::1/128"}}}));
}

}  // namespace
}  // namespace opsteward::inventory::host
