#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/host_name.hpp"
#include "cli/listening.hpp"
#include "cli/public_key.hpp"
#include "cli/service_notice.hpp"
#include "cli/stop_signals.hpp"
#include "net/server.hpp"
#include "vault/witness/witness.hpp"

namespace opsteward::cli {

namespace {

Result<std::vector<vault::NoteKey>> ReadKeys(const std::vector<std::filesystem::path>& files) {
    std::vector<vault::NoteKey> keys;
    for (const std::filesystem::path& file : files) {
        OPS_TRY(auto key, ReadPublicKey(file, vault::SignatureType::kEd25519));
        keys.push_back(std::move(key));
    }
    return keys;
}

net::Response Respond(vault::Witness& witness, const net::Request& request, Instant now) {
    if (request.path != vault::kAddCheckpointPath) return net::Response::PlainText("There is /add-checkpoint and nothing else.\n", 404);
    if (request.method != net::Method::kPost) {
        net::Response response = net::Response::PlainText("POST is the only method.\n", 405);
        response.headers.Set("Allow", "POST");
        return response;
    }
    vault::WitnessAnswer answer = witness.Answer(request.body, now);
    net::Response response;
    response.status = answer.status;
    response.headers.Set("Content-Type", answer.content_type);
    response.headers.Set("Cache-Control", "no-store");
    response.body = std::move(answer.body);
    return response;
}

/// Requests use the witness, so the server is taken down first.
struct Running {
    std::unique_ptr<vault::Witness> witness;
    std::unique_ptr<net::Server> server;
};

Result<Running> Start(const WitnessRequest& request, const Clock& clock) {
    OPS_TRY(const net::Endpoint listen, net::ParseEndpoint(request.listen));
    OPS_TRY(const auto keys, ReadKeys(request.logs));
    Running running;
    OPS_TRY(running.witness, vault::Witness::Open(request.data, KeyName("witness"), keys));
    OPS_TRY(net::ServerOptions options, ListenOptions(request.data, listen, request.is_plain_http, clock.Now()));
    options.limits.max_body_bytes = vault::AddCheckpointRequest::kMaxBytes;
    const auto handle = [witness = running.witness.get(), &clock](const net::Request& asked) { return Respond(*witness, asked, clock.Now()); };
    OPS_TRY(running.server, net::Server::Start(std::move(options), handle, nullptr));
    return running;
}

}  // namespace

ExitCode RunWitness(const WitnessRequest& request, const Report& report) {
    const StopSignals signals;
    const SystemClock clock;
    const auto running = Start(request, clock);
    if (!running.ok()) return report.Fail(running.error());
    const std::string address = AddressText(running->server->local_endpoint(), request.is_plain_http);
    const std::string key = running->witness->public_key().ToText();
    const Phrase greeting{"見證者已啟動：{}\n公鑰：\n{}\n按 Ctrl-C 停止。\n", "The witness is running: {}\nIts public key:\n{}\nStop with Ctrl-C.\n"};
    report.Say(fmt::format(fmt::runtime(greeting.In(report.language)), address, key), {{"address", address}, {"public_key", key}});
    ServeUntilStopped(signals, address);
    return kExitOk;
}

}  // namespace opsteward::cli
