#include "features/logs/line_reader.hpp"

#include "features/logs/content_readers.hpp"
#include "features/logs/log_time.hpp"
#include "features/logs/scan.hpp"
#include "features/logs/syslog_header.hpp"

namespace opsteward::logs {
namespace {

bool ReadAs(ContentFormat format, std::string_view text, const ReadContext& context, ParsedLine& line) {
    switch (format) {
        case ContentFormat::kKeyValue: return ReadKeyValue(text, context, true, line);
        case ContentFormat::kJson: return ReadJson(text, context, line);
        case ContentFormat::kCef: return ReadCef(text, context, line);
        case ContentFormat::kLeef: return ReadLeef(text, context, line);
        case ContentFormat::kFortiGate: return ReadFortiGate(text, context, true, line);
        case ContentFormat::kPaloAlto: return ReadPaloAlto(text, context, line);
        case ContentFormat::kCheckPoint: return ReadCheckPoint(text, context, true, line);
        case ContentFormat::kCiscoAsa:
        case ContentFormat::kCisco: return ReadCisco(text, context, line);
        case ContentFormat::kNetfilter: return ReadNetfilter(text, context, line);
        case ContentFormat::kWebAccess: return ReadWebAccess(text, context, line);
        case ContentFormat::kWebError: return ReadWebError(text, context, line);
        case ContentFormat::kSshd: return ReadSshd(text, context, line);
        case ContentFormat::kPlain: break;
    }
    return false;
}

/// What the first byte, the program and the marks of a format tell, the surest first.
bool ReadByContent(std::string_view text, const ReadContext& context, ParsedLine& line) {
    switch (text.empty() ? '\0' : text[0]) {
        case '%':
            if (ReadCisco(text, context, line)) return true;
            break;
        case '{':
        case '@':
            if (ReadJson(text, context, line)) return true;
            break;
        case 'C':
            if (ReadCef(text, context, line)) return true;
            break;
        case 'L':
            if (ReadLeef(text, context, line)) return true;
            break;
        default: break;
    }
    if (line.program.starts_with("sshd") && ReadSshd(text, context, line)) return true;
    return ReadFortiGate(text, context, false, line) || ReadPaloAlto(text, context, line) || ReadNetfilter(text, context, line) ||
           ReadWebAccess(text, context, line) || ReadWebError(text, context, line) || ReadCheckPoint(text, context, false, line) ||
           ReadKeyValue(text, context, false, line);
}

/// Of the log of an application: the time before its text, and a level.
void ReadPlain(std::string_view text, const ReadContext& context, ParsedLine& line) {
    Skip(text, "[");
    const auto time = TakeTime(text);
    if (!time) return;
    OfferTime(*time, context.received, line);
    Skip(text, "]");
    SkipBlanks(text);
    Skip(text, "[");
    const std::string_view word = text.substr(0, text.find_first_of(" ]:"));
    if (IsLevelWord(word)) line.Add(FieldId::kLevel, word);
}

}  // namespace

void ReadLine(std::string_view bytes, Instant received, const ReadOptions& options, ParsedLine& line) {
    line.Clear();
    while (!bytes.empty() && (bytes.back() == '\n' || bytes.back() == '\r' || bytes.back() == '\0')) bytes.remove_suffix(1);
    const ReadContext context{received, options.encoding};
    ReadHeader(bytes, context, line);
    const std::string_view message = line.message;
    if (options.expected && ReadAs(*options.expected, message, context, line)) return;
    if (options.expected == ContentFormat::kPlain || !ReadByContent(message, context, line)) ReadPlain(message, context, line);
}

}  // namespace opsteward::logs
