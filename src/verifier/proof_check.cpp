#include "verifier/proof_check.hpp"

#include <array>

#include "verifier/base64.hpp"
#include "verifier/fault.hpp"
#include "verifier/json.hpp"
#include "verifier/moment.hpp"
#include "verifier/proof.hpp"
#include "verifier/record.hpp"
#include "verifier/utf8.hpp"

namespace opsteward::verifier {

namespace {

constexpr std::array<std::string_view, kLastTransport + 1> kTransports = {"import", "udp", "tcp", "tls", "relp", "http", "internal"};

}  // namespace

ProofReport CheckProof(std::string_view file, std::string_view bytes, const PublicKey& key) {
    ProofReport report;
    report.file = Printable(file);
    report.log = Printable(key.name);
    std::string_view code = "proof-malformed";
    try {
        const Proof proof = Proof::Parse(bytes);
        code = "checkpoint-malformed";
        const Checkpoint tree = OpenCheckpoint(proof.checkpoint, key);
        code = "not-included";
        if (!IsIncluded(Sha256().Leaf(proof.extra), proof, tree)) {
            throw Malformed(Say("這筆紀錄不是檢查點內的第 {0} 筆：紀錄或證明被更改。", "the record is not record {0} of the checkpoint: record or proof was altered.",
                                {proof.index}));
        }
        code = "record-malformed";
        ParseRecord(proof.extra);
        report.index = proof.index;
        report.size = tree.size;
        report.root = tree.root;
        report.record = proof.extra;
    } catch (const Malformed& fault) {
        report.failure = Finding{code, {report.file}, Say("證明不成立：{0}", "The proof does not hold: {1}", {fault.why.zh, fault.why.en})};
    }
    return report;
}

std::string ToText(const ProofReport& report, Language language) {
    if (report.failure) return report.file + ": [" + std::string(report.failure->code) + "] " + report.failure->message.In(language) + "\n";
    const Record record = ParseRecord(report.record);
    const Text taipei = InTaipei(record.received);
    return Say("{0}：證明成立。\n  記錄庫　{1}\n  編號　　{2}（檢查點共 {3} 筆）\n  來源　　{4}\n  種類　　{5}\n  對端　　{6}（{7}）\n"
               "  時間　　{8}，{9}（臺北）\n  訊息　　",
               "{0}: the proof holds.\n  log         {1}\n  record      {2} of the {3} that the checkpoint seals\n  source      {4}\n  kind        {5}\n"
               "  peer        {6} ({7})\n  time        {8}, {9} (Minguo, Taipei)\n  message     ",
               {report.file, report.log, report.index, report.size, Printable(record.source), Printable(record.kind), Printable(record.peer),
                kTransports[record.transport], InUtc(record.received), taipei.In(language)})
               .In(language) +
           Printable(record.message) + "\n";
}

std::string ToJson(const ProofReport& report) {
    JsonObject json;
    json.Bool("intact", report.is_ok()).String("log", report.log);
    if (report.failure) {
        const auto json_of = [](const Finding& failure) {
            return JsonObject().String("code", failure.code).String("file", failure.place.file).Raw("message", JsonText(failure.message)).Finish();
        };
        return json.Raw("failures", JsonArray(std::vector<Finding>{*report.failure}, json_of)).Finish() + "\n";
    }
    const Record record = ParseRecord(report.record);
    const std::string event = JsonObject()
                                  .String("source", Printable(record.source))
                                  .String("kind", Printable(record.kind))
                                  .String("peer", Printable(record.peer))
                                  .String("transport", kTransports[record.transport])
                                  .String("time", InUtc(record.received))
                                  .Raw("time_taipei", JsonText(InTaipei(record.received)))
                                  .String("message", Printable(record.message))
                                  .String("record", ToBase64(report.record))
                                  .Finish();
    return json.Number("index", report.index)
               .Number("size", report.size)
               .String("root", ToBase64(AsBytes(report.root)))
               .Raw("event", event)
               .Raw("failures", "[]")
               .Finish() +
           "\n";
}

}  // namespace opsteward::verifier
