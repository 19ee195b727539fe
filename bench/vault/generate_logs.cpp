// Writes log lines as a bureau's devices send them, about 350 bytes each on average, the same for the same seed.
//   usage: generate_logs COUNT [SEED] > FILE
//
// Two fifths of them are of a FortiGate, the rest of ASA, iptables, nginx, sshd, IOS and MySQL. What varies does so as it does in the field: a few addresses,
// users and rules make most of the traffic (Zipf), ports and session numbers hardly repeat, amounts spread over magnitudes, times go on.
// Each 1,000,000th line holds a word of its own, "needle-N", for searches.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace {

class Generator {
  public:
    explicit Generator(std::uint64_t seed) : random_(seed) {
        for (int i = 0; i < 3000; ++i) inside_.push_back(fmt::format("10.{}.{}.{}", Below(16), Below(256), 1 + Below(254)));
        for (int i = 0; i < 40000; ++i) outside_.push_back(fmt::format("{}.{}.{}.{}", 11 + Below(200), Below(256), Below(256), 1 + Below(254)));
        for (int i = 0; i < 2000; ++i) users_.push_back(fmt::format("{}{:03}", kGivenNames[Below(kGivenNames.size())], Below(1000)));
        for (int i = 0; i < 3000; ++i) hosts_.push_back(fmt::format("{}{}.{}.example.{}", kWords[Below(kWords.size())], Below(90), kWords[Below(kWords.size())], kZones[Below(kZones.size())]));
    }

    void AppendLine(std::string& out, std::uint64_t number) {
        seconds_ += std::exponential_distribution<double>(700.0)(random_);
        const std::uint64_t kind = Below(100);
        if (kind < 42) {
            FortiGate(out);
        } else if (kind < 58) {
            Asa(out);
        } else if (kind < 70) {
            Netfilter(out);
        } else if (kind < 88) {
            Nginx(out);
        } else if (kind < 94) {
            Sshd(out);
        } else if (kind < 97) {
            Ios(out);
        } else {
            MySql(out);
        }
        if (number % 1'000'000 == 999'999) out += fmt::format(" needle-{}", number / 1'000'000);
        out += '\n';
    }

  private:
    static constexpr std::array kGivenNames{"chen", "lin", "huang", "chang", "lee", "wang", "wu", "liu", "tsai", "yang", "hsu", "cheng"};
    static constexpr std::array kWords{"mail", "portal", "cdn", "api", "update", "static", "news", "login", "files", "video", "time", "ads", "img", "gov", "docs", "forms"};
    static constexpr std::array kZones{"gov.tw", "com", "net", "org", "com.tw", "edu.tw", "io"};
    static constexpr std::array kServices{"HTTPS", "HTTP", "DNS", "NTP", "SSH", "SMB", "PING", "LDAP", "SMTP", "RDP", "udp/443", "tcp/8443"};
    static constexpr std::array kCountries{"Taiwan", "United States", "Japan", "Singapore", "Germany", "China", "Netherlands", "Reserved"};
    static constexpr std::array kApps{"HTTPS.BROWSER", "Microsoft.Teams", "YouTube", "DNS", "Google.Services", "QUIC", "SSL_TLSv1.3", "LINE", "Windows.Update", "NTP"};
    static constexpr std::array kAgents{
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1", "curl/7.88.1",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"};
    static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

    std::uint64_t Below(std::uint64_t end) { return random_() % end; }
    /// Low numbers are frequent: the density falls with the number.
    template <typename Container>
    const auto& Often(const Container& values) {
        const double u = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
        const auto at = static_cast<std::size_t>(std::pow(static_cast<double>(std::size(values)), u)) - 1;
        return values[std::min(at, std::size(values) - 1)];
    }
    std::uint64_t Amount() { return static_cast<std::uint64_t>(std::lognormal_distribution<double>(7.0, 2.0)(random_)); }
    std::uint64_t Port() { return 32768 + Below(28232); }
    std::tm Clock() const {
        const std::time_t now = 1'795'536'000 + static_cast<std::time_t>(seconds_);
        std::tm parts{};
        gmtime_r(&now, &parts);
        return parts;
    }
    std::string Syslog(std::string_view host) const {
        const std::tm t = Clock();
        return fmt::format("{} {:2} {:02}:{:02}:{:02} {}", kMonths[static_cast<std::size_t>(t.tm_mon)], t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, host);
    }

    void FortiGate(std::string& out) {
        const std::tm t = Clock();
        const bool is_denied = Below(100) < 12;
        const auto nanos = static_cast<std::uint64_t>(1'795'536'000e9 + seconds_ * 1e9);
        fmt::format_to(std::back_inserter(out),
                       "<189>date={}-{:02}-{:02} time={:02}:{:02}:{:02} devname=\"FGT-EDGE-{:02}\" devid=\"FG200FT9219{:05}\" eventtime={} tz=\"+0800\" "
                       "logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" level=\"notice\" vd=\"root\" srcip={} srcport={} srcintf=\"port{}\" "
                       "srcintfrole=\"lan\" dstip={} dstport={} dstintf=\"wan{}\" dstintfrole=\"wan\" srccountry=\"Reserved\" dstcountry=\"{}\" sessionid={} "
                       "proto={} action=\"{}\" policyid={} policytype=\"policy\" service=\"{}\" trandisp=\"snat\" transip=203.0.113.{} transport={} "
                       "appid={} app=\"{}\" duration={} sentbyte={} rcvdbyte={} sentpkt={} rcvdpkt={}",
                       1900 + t.tm_year, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, 1 + Below(3), 1 + Below(3), nanos, Often(inside_), Port(), 1 + Below(8),
                       Often(outside_), Below(3) != 0 ? 443 : 1 + Below(9000), 1 + Below(2), Often(kCountries), session_ += 1 + Below(3), Below(4) == 0 ? 17 : 6,
                       is_denied ? "deny" : "accept", 1 + Below(60), Often(kServices), 1 + Below(16), Port(), 10000 + Below(400), Often(kApps), Below(400), Amount(), Amount(),
                       1 + Below(60), 1 + Below(60));
    }
    void Asa(std::string& out) {
        const std::string at = Syslog("asa-dmz");
        if (Below(2) == 0) {
            fmt::format_to(std::back_inserter(out),
                           "<166>{} : %ASA-6-302014: Teardown TCP connection {} for outside:{}/{} to inside:{}/{} duration 0:{:02}:{:02} bytes {} TCP FINs", at,
                           connection_ += 1 + Below(2), Often(outside_), 443, Often(inside_), Port(), Below(60), Below(60), Amount());
        } else {
            fmt::format_to(std::back_inserter(out),
                           "<164>{} : %ASA-4-106023: Deny tcp src outside:{}/{} dst inside:{}/{} by access-group \"outside_access_in\" [0x{:08x}, 0x0]", at, Often(outside_),
                           Port(), Often(inside_), 1 + Below(9000), Below(40) * 0x9E3779B9U % 0xFFFFFFFFU);
        }
    }
    void Netfilter(std::string& out) {
        fmt::format_to(std::back_inserter(out),
                       "<4>{} kernel: [{:.6f}] DROP IN=eth0 OUT= MAC=52:54:00:{:02x}:{:02x}:{:02x}:00:1b:17:00:01:30:08:00 SRC={} DST={} LEN={} TOS=0x00 PREC=0x00 TTL={} "
                       "ID={} DF PROTO=TCP SPT={} DPT={} WINDOW={} RES=0x00 SYN URGP=0",
                       Syslog(fmt::format("srv-{:02}", 1 + Below(20))), 90000 + seconds_, Below(4), Below(8), Below(4), Often(outside_), Often(inside_), 40 + Below(1400),
                       40 + Below(80), Below(65536), Port(), 1 + Below(9000), Below(65536));
    }
    void Nginx(std::string& out) {
        const std::tm t = Clock();
        fmt::format_to(std::back_inserter(out), "{} - {} [{:02}/{}/{}:{:02}:{:02}:{:02} +0800] \"{} /{}/{}/{:x} HTTP/1.1\" {} {} \"https://{}/\" \"{}\"", Often(outside_),
                       Below(10) == 0 ? Often(users_) : std::string("-"), t.tm_mday, kMonths[static_cast<std::size_t>(t.tm_mon)], 1900 + t.tm_year, t.tm_hour, t.tm_min,
                       t.tm_sec, Below(10) < 8 ? "GET" : "POST", Often(kWords), Often(kWords), Below(1U << 30), Below(10) < 9 ? 200 : 404, Amount(), Often(hosts_),
                       Often(kAgents));
    }
    void Sshd(std::string& out) {
        const std::string head = fmt::format("<86>{} sshd[{}]: ", Syslog(fmt::format("srv-{:02}", 1 + Below(20))), 1000 + Below(30000));
        if (Below(3) != 0) {
            fmt::format_to(std::back_inserter(out), "{}Failed password for {}{} from {} port {} ssh2", head, Below(2) == 0 ? "invalid user " : "", Often(users_), Often(outside_),
                           Port());
        } else {
            fmt::format_to(std::back_inserter(out), "{}Accepted publickey for {} from {} port {} ssh2: ED25519 SHA256:{:016x}{:016x}", head, Often(users_), Often(inside_), Port(),
                           random_(), random_());
        }
    }
    void Ios(std::string& out) {
        const std::tm t = Clock();
        fmt::format_to(std::back_inserter(out), "<189>{}: {}: *{} {:2} {:02}:{:02}:{:02}.{:03}: %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1/0/{}, changed state to {}",
                       sequence_ += 1, Syslog("sw-core"), kMonths[static_cast<std::size_t>(t.tm_mon)], t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, Below(1000), 1 + Below(48),
                       Below(2) == 0 ? "up" : "down");
    }
    void MySql(std::string& out) {
        const std::tm t = Clock();
        fmt::format_to(std::back_inserter(out), "{}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z {} [Warning] Aborted connection {} to db: 'forms' user: '{}' host: '{}' (Got timeout reading communication packets)",
                       1900 + t.tm_year, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, Below(1'000'000), 10 + Below(5000), 10 + Below(50000), Often(users_),
                       Often(inside_));
    }

    std::mt19937_64 random_;
    std::vector<std::string> inside_;
    std::vector<std::string> outside_;
    std::vector<std::string> users_;
    std::vector<std::string> hosts_;
    double seconds_ = 0;
    std::uint64_t session_ = 80'000'000;
    std::uint64_t connection_ = 7'000'000;
    std::uint64_t sequence_ = 100;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print(stderr, "usage: generate_logs COUNT [SEED]\n");
        return 2;
    }
    const std::uint64_t count = std::strtoull(argv[1], nullptr, 10);
    Generator generator(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
    std::string out;
    for (std::uint64_t number = 0; number < count; ++number) {
        generator.AppendLine(out, number);
        if (out.size() < (1U << 20) && number + 1 < count) continue;
        if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size()) return 1;
        out.clear();
    }
    return std::fflush(stdout) == 0 ? 0 : 1;
}
