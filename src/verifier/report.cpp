#include "verifier/report.hpp"

#include <utility>

#include "verifier/base64.hpp"
#include "verifier/json.hpp"

namespace opsteward::verifier {

namespace {

Text WhereOf(const Place& place) {
    Text where{place.file, place.file};
    const auto add = [&where](const Text& part) {
        where.zh.append(where.zh.empty() ? "" : "，").append(part.zh);
        where.en.append(where.en.empty() ? "" : ", ").append(part.en);
    };
    if (place.offset) add(Say("第 {0} 位元組", "byte {0}", {*place.offset}));
    if (place.block) add(Say("第 {0} 區塊", "block {0}", {*place.block}));
    if (place.record && place.last_record && *place.last_record != *place.record) {
        add(Say("第 {0} 至 {1} 筆", "records {0} to {1}", {*place.record, *place.last_record}));
    } else if (place.record) {
        add(Say("第 {0} 筆", "record {0}", {*place.record}));
    }
    return where;
}

std::string Lines(const std::vector<Finding>& findings, Language language) {
    std::string text;
    for (const Finding& finding : findings) {
        text.append("  [").append(finding.code).append("] ").append(WhereOf(finding.place).In(language)).append("\n      ");
        text.append(finding.message.In(language)).append("\n");
    }
    return text;
}

std::string JsonOf(const Finding& finding) {
    return JsonObject()
        .String("code", finding.code)
        .String("file", finding.place.file)
        .Number("offset", finding.place.offset)
        .Number("block", finding.place.block)
        .Number("record", finding.place.record)
        .Number("last_record", finding.place.last_record)
        .Raw("message", JsonText(finding.message))
        .Finish();
}

std::string JsonOf(const CheckedCheckpoint& checkpoint) {
    return JsonObject().String("file", checkpoint.file).Number("size", checkpoint.size).Bool("ok", checkpoint.is_ok).Finish();
}

}  // namespace

void VaultReport::Fail(std::string_view code, Place place, Text message) {
    // Why something is malformed is told within a sentence elsewhere; here it is one by itself.
    if (!message.en.empty() && message.en[0] >= 'a' && message.en[0] <= 'z') message.en[0] = static_cast<char>(message.en[0] - 'a' + 'A');
    if (failures.size() == kMaxFailures) {
        ++more_failures;
    } else {
        failures.push_back({code, std::move(place), std::move(message)});
    }
}

void VaultReport::Note(std::string_view code, Place place, Text message) {
    if (notes.size() < kMaxFailures) notes.push_back({code, std::move(place), std::move(message)});
}

std::string ToText(const VaultReport& report, Language language) {
    std::string text;
    const auto say = [&](std::string_view zh, std::string_view en, std::initializer_list<Part> parts) { text += Say(zh, en, parts).In(language); };
    if (report.is_intact()) {
        say("{0}：完整，未經更改。\n", "{0}: intact.\n", {report.folder});
    } else {
        say("{0}：不完整或經更改，共 {1} 項。\n", "{0}: NOT intact; failures: {1}.\n", {report.folder, report.failures.size() + report.more_failures});
    }
    say("  記錄庫　{0}\n  紀錄　　{1} 筆，已簽署 {2} 筆，未簽署 {3} 筆，無法讀取 {4} 筆\n  區段檔　{5}\n",
        "  log         {0}\n  records     {1}: {2} sealed, {3} not sealed, {4} unreadable\n  segments    {5}\n",
        {report.log, report.records, report.sealed, report.unsealed, report.unreadable, report.segments});
    if (report.deleted > 0) say("  已刪除　{0} 筆（依保存規定，見附註）\n", "  deleted     {0} (under retention; see the notes)\n", {report.deleted});
    if (report.root) say("  根雜湊　{0}\n", "  root        {0}\n", {ToBase64(AsBytes(*report.root))});
    for (const CheckedCheckpoint& checkpoint : report.checkpoints) {
        const std::string size = checkpoint.size ? std::to_string(*checkpoint.size) : "?";
        if (checkpoint.is_ok) {
            say("  檢查點　{0}（{1} 筆）相符\n", "  checkpoint  {0} ({1} records): fits\n", {checkpoint.file, size});
        } else {
            say("  檢查點　{0}（{1} 筆）不符\n", "  checkpoint  {0} ({1} records): DOES NOT FIT\n", {checkpoint.file, size});
        }
    }
    if (!report.failures.empty()) say("\n不符之處：\n", "\nFailures:\n", {});
    text += Lines(report.failures, language);
    if (report.more_failures > 0) say("  另有 {0} 項未列出。\n", "  and {0} more.\n", {report.more_failures});
    if (!report.notes.empty()) say("\n附註：\n", "\nNotes:\n", {});
    return text + Lines(report.notes, language);
}

std::string ToJson(const VaultReport& report) {
    const auto json_of = [](const auto& item) { return JsonOf(item); };
    return JsonObject()
               .Bool("intact", report.is_intact())
               .String("log", report.log)
               .Number("records", report.records)
               .Raw("root", report.root ? JsonString(ToBase64(AsBytes(*report.root))) : "null")
               .Number("sealed", report.sealed)
               .Number("unsealed", report.unsealed)
               .Number("unreadable", report.unreadable)
               .Number("deleted", report.deleted)
               .Number("segments", report.segments)
               .Raw("checkpoints", JsonArray(report.checkpoints, json_of))
               .Raw("failures", JsonArray(report.failures, json_of))
               .Number("more_failures", report.more_failures)
               .Raw("notes", JsonArray(report.notes, json_of))
               .Finish() +
           "\n";
}

}  // namespace opsteward::verifier
