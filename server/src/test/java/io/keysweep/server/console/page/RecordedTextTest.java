package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.Limit;
import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.LoadObservation;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.pacing.Throttle;
import io.keysweep.engine.pacing.ThrottleState;
import io.keysweep.server.control.CeilingValues;
import io.keysweep.server.control.Ceilings;
import io.keysweep.server.control.Intervention;
import io.keysweep.server.control.Pause;
import io.keysweep.server.control.Profile;
import io.keysweep.server.control.Scope;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.timeline.ReasonKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.i18n.LocaleContextHolder;

/** Tests that recorded English texts of the service are shown in the language of the user. */
final class RecordedTextTest {

    @AfterEach
    void resetLanguage() {
        LocaleContextHolder.resetLocaleContext();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP status 503 | HTTP 状态码 503",
                "assist has left settings of a:1, b:2 raised; the page of the instance names the commands that restore"
                        + " them | 辅助（assist）提高了 a:1, b:2 的设置，尚未恢复；实例页面有恢复它们的命令",
                "no answer within 10.0 s | 10.0 秒内没有应答",
                "must not be connected to: 10.0.0.1 is private | 服务不允许连接这个地址",
                "script: exact and atomic, and no key name leaves the server" + " | 脚本（计数精确，每步都是原子的，key 名不离开服务器）",
                "pipeline: the only method left; script refused: NOPERM no eval; transaction refused: NOPERM no multi"
                        + " | 管道（只剩这种方法；服务器拒绝了脚本（NOPERM no eval）；服务器拒绝了事务（NOPERM no multi））",
                "SSLException: closed | SSLException: closed",
                "10.0.0.1:6379 accepts no connection: Connection refused" + " | 10.0.0.1:6379 不接受连接：Connection refused",
                "a:1 closed the connection before it answered; see the server's log" + " | a:1 在应答前关闭了连接；请查看服务器的日志",
                "a:1 accepts connections but has sent nothing for 5 s: it is not a Redis server, requires TLS"
                        + " (rediss://), or hangs | a:1 接受连接，但 5 秒内没有发送任何内容：它不是 Redis 服务器，或要求 TLS（rediss://），或没有响应",
                "a:1 sent \"HTTP\"; is it another service, or is a proxy in between?"
                        + " | a:1 发送了 \"HTTP\"；它是别的服务，还是中间有代理？",
                "a:1 answered INFO with \"hi\"; is it another service, or is a proxy in between?"
                        + " | a:1 对 INFO 的应答是 \"hi\"；它是别的服务，还是中间有代理？",
                "a:1 is a replica of b:2 (their link is down); only primaries are swept: sweep b:2"
                        + " | a:1 是 b:2（与它的连接已断开） 的副本；只能清扫主节点：请清扫 b:2",
                "a:1 does not allow user bob to run SCAN (NOPERM); allow it with: ACL SETUSER bob +scan +eval"
                        + " | a:1 不允许用户 bob 执行 SCAN；用以下命令允许：ACL SETUSER bob +scan +eval",
                "a:1 requires a password and none is configured (NOAUTH); give it, on the command line with"
                        + " KEYSWEEP_REDIS_PASSWORD or --password | a:1 需要密码，但没有填写密码",
                "a:1 is still loading its data set, 12 % done; try again later | a:1 仍在加载数据，已完成 12 %；请稍后再试",
                "the sentinel did not report where 'main' is: a:1 accepts no connection: Connection refused"
                        + " | Sentinel 没有报告 'main' 在哪里：a:1 不接受连接：Connection refused",
                "5 of 10 keys (50.0 %) have a TTL; only these can expire. | 10 个 key 中有 5 个（50.0 %）带 TTL；只有它们会过期。",
                "The server has evicted 7 keys for lack of memory (allkeys-lru); by its own estimate, 3 % of the keys"
                        + " with a TTL have expired."
                        + " | 服务器因内存不足（allkeys-lru）已逐出 7 个 key；按它自己的估算，带 TTL 的 key 中有 3 % 已过期。",
                "None. Each reclaimed key costs every replica one DEL. | 无需操作。每回收一个 key，每个副本要执行一个 DEL。",
                "pipeline: one sequential cursor, and the count is an estimate from DBSIZE, because the address seems"
                        + " to lead to several servers: INFO comes from another server at each call (run_id)"
                        + " | 管道（只用一个顺序游标，计数由 DBSIZE 估算，因为该地址似乎通向多台服务器：每次调用的 INFO 来自不同的服务器（run_id））",
            })
    void of_aKnownText_isTranslatedWithItsValues_andAnUnknownTextStaysEnglish(String english, String chinese) {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        assertThat(RecordedText.of(english)).isEqualTo(chinese);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a replica is being synchronised (full synchronisation); the sweep continues once it" + " is online",
                "10.0.0.1:6379 is overloaded, so the sweep ends: callers wait 3400.0 ms for the"
                        + " server, more than 2000.0 ms, in 3 of the last 5 checks; sweep again when the load"
                        + " is lower",
                // Holds and waits. Some names and reasons equal words that have a translation ("script", "none"); they
                // must stay as they are.
                "paused by KEY1: script",
                "paused by KEY1",
                "project held by KEY1: connection broke",
                "all projects held by KEY1",
                "Cancelled by KEY1: none",
                "held by the project's windows: closed until 2026-11-24 22:00 Asia/Shanghai",
                "held by the instance's windows: closed, and no window opens again",
                "Ended by the project's windows: closed until 2026-11-24 22:00 UTC; the keys"
                        + " reclaimed so far are counted.",
                "waits for its budget: 3 of 3 sweeps run in project pipeline",
                "waits for its budget: 3 of 3 sweeps run on host a",
                "waits for its budget: 3 of 3 sweeps run in all",
                "waits for its budget",
                "waits for a worker: no process with the role worker is alive",
                "waits for a worker: 16 of 16 run, project script has 15",
                // Servers that cannot be reached or swept.
                "reconnecting: connection broke",
                "reconnecting: no answer for 10 s",
                "reconnecting: 10.0.0.1:6379 accepts no connection: Connection refused",
                "reconnecting: the server sent \"ERR x\"",
                "reconnecting: its databases were swapped (SWAPDB), so the pass starts again",
                "tries again later: 10.0.0.1:6379 accepts no connection: Connection refused",
                "10.0.0.1:6379 accepts no connection: Connection refused",
                "10.0.0.1:6379 accepts connections but has sent nothing for 5 s: it is not a Redis"
                        + " server, requires TLS (rediss://), or hangs",
                "10.0.0.1:6379 is still loading its data set, 12 % done; try again later",
                "no other node confirms that it is still the primary: a:1 is the only node of the"
                        + " cluster that answers",
                "writes are paused on the server (client_pause)",
                // Decisions about automatic starts.
                "due, and no threshold is set",
                "due; the backlog could not be estimated: a:1 accepts no connection: Connection" + " refused",
                "due; 12.5 % of the keys with a TTL are dead (threshold 10.0 %), holding 3.1 MiB,"
                        + " estimated on a:1, b:2",
                "due; 1.5 % of the keys with a TTL are dead, holding an unknown amount of memory"
                        + " (threshold 5.0 MiB), estimated on a:1",
                "below the threshold: 1.5 % of the keys with a TTL are dead, holding 3.1 MiB"
                        + " (threshold 5.0 MiB), estimated on a:1",
                "used memory of a:1 is 92 % of the limit (threshold 90 %); due; 12.5 % of the keys"
                        + " with a TTL are dead (threshold 10.0 %), holding 3.1 MiB, estimated on a:1",
                "5 keys were evicted by a:1 since 2026-01-01T00:00:00Z; due, and no threshold is set",
                "backlog target of 1,000 keys: this pass measures how fast keys expire",
                "backlog target of 1000 keys: 12.0 keys expire a second, so 2.0 % of the server's"
                        + " time and 60 s between passes keep about 750 dead keys",
                "backlog target of 1000 keys: 12.0 keys expire a second, so 2.0 % of the server's"
                        + " time and 60 s between passes keep about 1750 dead keys, which is more than the"
                        + " target: the pace allows no more",
                "outside the project's windows, closed until 2026-11-24 22:00 UTC",
                "the start could not begin in its five minutes, because the previous scan was active, no worker"
                        + " was running, or the service had an internal error",
                // TLS.
                "a:1 presents a certificate that has expired; renew it",
                "a:1 presents a certificate whose authority has expired: 'CN=x y z', valid from 2020"
                        + " until 2021, in the chain that it presents; renew it",
                "a:1 presents a certificate that is not valid yet; compare the clocks of both" + " machines",
                "a:1 presents a certificate that is not trusted: none of the authorities that Java"
                        + " trusts signed it; configure a CA file that contains the certificate of the authority"
                        + " that signed it",
                "a:1 presents a certificate that is not trusted: none of the authorities in CA signed"
                        + " it (in that file: 'CN=a' has expired at 2020-01-01T00:00:00Z, 'CN=b' is not a CA"
                        + " certificate); configure a CA file that contains the certificate of the authority that"
                        + " signed it",
                "a:1 presents a certificate that is not trusted: it is signed by a certificate in CA"
                        + " that is not a CA certificate; reissue that certificate with the extension"
                        + " basicConstraints CA:TRUE",
                "a:1 requires a client certificate and none is configured (certificate_required);"
                        + " configure certificate and key",
                "a:1 does not accept client certificate (unknown_ca); configure one that is signed by"
                        + " an authority in the server's tls-ca-cert-file",
                "a:1 requires a client certificate (certificate_expired); configure one that is"
                        + " signed by an authority in the server's tls-ca-cert-file",
                "a:1 closed the connection after the TLS handshake; if it requires a client"
                        + " certificate, configure certificate and key",
                "a:1 closed the connection after the TLS handshake; does it trust client certificate?",
                "a:1 ends the TLS handshake (protocol_version); see the server's log and its tls-" + " settings",
                "fe80::1%x:1 cannot be connected to: this machine has no network interface of that"
                        + " name, which follows the %; see ip link",
                // Endings, timelines and results.
                "Timed out after 60 s; the keys reclaimed so far are counted.",
                "Timed out after 60 s; it had waited for its server since 2026-01-01T00:00:00Z: a:1"
                        + " accepts no connection: Connection refused; the keys reclaimed so far are counted.",
                "Timed out after 60 s; its server could not be swept then: a:1 is still loading its"
                        + " data set; try again later; the keys reclaimed so far are counted.",
                "Timed out after 60 s; it had waited for its cluster since 2026-01-01T00:00:00Z: a:1"
                        + " accepts no connection: Connection refused; the keys reclaimed so far are counted.",
                "Timed out after 60 s; it had waited for its cluster: a:1 accepts no connection:"
                        + " Connection refused; the keys reclaimed so far are counted.",
                "automatic scan",
                "worker host-1-2",
                "from worker host-1-2",
                "from a:1 to b:2",
                "round 1: a:1, b:2",
                "profile full, stall budget 1.0 ms, share 0.25, at most 1,000 keys/s",
                "share 0.5, no rate ceiling",
                "5 expired keys reclaimed by the server's own count (expired_keys)",
                "1 expired key reclaimed by the server's own count (expired_keys); settings: hz 10 is" + " back",
                "The memory after is not compared with the memory before: the process of the server"
                        + " is another one since a failover or a restart, now a:1.",
                "The memory after is not compared with the memory before: the process of the server"
                        + " is another one since a failover or a restart.",
                "1,000 reclaimed x 80 bytes, the mean size of a key before; others created or removed"
                        + " more keys than the sweep reclaimed",
                "measured as the fall in key memory; at least, as 12 values still wait to be freed",
                "Types and sizes could not be read of all sampled keys: ERR x",
                "Types and sizes could not be read: ERR x",
                "The TTLs of 5 sampled keys could not be read; no count contains them.",
                // Ceilings.
                "share is '0.5', must be at most 0.1 (maxShare of the project).",
                "share is '0.5', must be at most 0.1 (maxShare of the tag env=prod). rateCeiling is"
                        + " '9', must be at most 5 (maxRate of the project).",
                // Servers that a sweep cannot cover.
                "a:1 never ends the SCAN of database 0: a cursor has come back",
                "a:1 never ends the SCAN of database 0: 1,000 keys were visited, but DBSIZE has counted 100 at most",
                "a:1 never ends a SCAN: calls for 1,000 keys have not reached its end, but DBSIZE has counted 100"
                        + " at most",
                "a:1 seems to hide expired keys instead of removing them: SCAN has returned only 10 keys of"
                        + " database 0, but DBSIZE counts at least 100, and no key was reclaimed. It refuses CONFIG"
                        + " GET, so check its settings: import-mode must not be yes, and"
                        + " lazyexpire-nested-arbitrary-keys not no",
                "a:1 seems to hide expired keys instead of removing them, so nobody knows how many there are: SCAN"
                        + " does not return about 10 of 100 keys, and has removed none. It refuses CONFIG GET, so"
                        + " check its settings: import-mode must not be yes, and lazyexpire-nested-arbitrary-keys"
                        + " not no",
                "a:1 does not let a sweep visit every key: SCAN has returned only 10 keys of database 0, but DBSIZE"
                        + " counts at least 100; if a proxy answers at this address, sweep each server by its own"
                        + " address",
                "a:1 reclaims nothing: it is in import mode and expires nothing; end the import with: CONFIG SET"
                        + " import-mode no",
                "slots 0-5460 of a:1 are now served by other primaries, according to b:2",
                "a:1 serves no slots any more",
                // Why assist has ended.
                "Assist ended: the instance no longer allows it.",
                "Assist ended: it was cancelled.",
                "Assist ended: its time limit was reached.",
                "Assist ended: no key with a TTL is left.",
                "Assist ended: no key has a TTL.",
                "Assist ended: the server finds no more expired keys.",
                "Assist ended: the server finds few expired keys by now.",
                "Assist ended: it has kept the backlog at 1,000 dead keys or fewer for 60 s.",
                "Assist ended: the backlog no longer falls: about as many keys expire as the server reclaims.",
                "Assist ended: the server refuses CONFIG SET: NOPERM; allow it with: ACL SETUSER USER +config|get"
                        + " +config|set.",
                "Assist ended: the server refuses CONFIG GET; allow it with: ACL SETUSER USER +config|get"
                        + " +config|set.",
                "Assist ended: the server refuses CONFIG SET hz: ERR x.",
                "Assist ended: the server has no setting active-expire-effort, as Redis before 6.0.",
                "Assist ended: the server has no setting lazyfree-lazy-expire, so one large value would block it"
                        + " for as long as it takes to free.",
                "Assist ended: active-expire-effort is 10 and hz is 500 already: the server's own expiry is driven hard"
                        + " by its configuration, or by another Keysweep, which may have died; put the defaults back"
                        + " with: CONFIG SET active-expire-effort 1, CONFIG SET hz 10.",
                "Assist ended: another process of Keysweep assists this server.",
                "Assist ended: the former settings could not be stored: disk full.",
                "Assist ended: hz is 10 and not 100, so another client has changed it.",
                "Assist ended: the server no longer reports hz.",
                "Assist ended: an earlier process has left settings raised.",
                // Why an estimate failed.
                "due; the backlog could not be estimated: a:1 is no longer the primary that it was when the"
                        + " estimate began, so the numbers do not fit together; a failover may be in progress, try"
                        + " again",
                "due; the backlog could not be estimated: a:1 currently hides dead keys: writes are paused on the"
                        + " server (client_pause); try again later",
                "due; the backlog could not be estimated: a:1 is a replica without a link to its primary, so its"
                        + " data is out of date; use another replica or the primary",
                "due; the backlog could not be estimated: a:1 is a proxy over several servers (DBSIZE counts 9 keys"
                        + " in database 0, but INFO 3), so nobody knows which part of the keys a sample covers;"
                        + " estimate each server by its own address",
                "sentinel a:1 knows no 'main', it knows: other",
                "sentinel a:1 knows no 'main', and refuses to list the names that it knows (SENTINEL MASTERS)",
                "sentinel a:1 did not answer: connection broke",
                "a:1 is named as primary of 'main' by the sentinels, but it reports the role slave; a failover may"
                        + " be in progress, try again",
                "a:1 did not answer ROLE: connection broke",
                "due; the backlog could not be estimated: a:1 is a primary without a replica that Keysweep can read; a"
                        + " sample of the primary reclaims the dead keys in it, so it must be allowed explicitly",
                "due; the backlog could not be estimated: a:2, a replica of a:1, has a clock that differs by 1,000 s"
                        + " from that of its primary. It hides the keys that have expired by its own clock, so it"
                        + " cannot show how many have on the primary; correct the clocks",
                "due; the backlog could not be estimated: a:1 is neither Redis, Valkey nor Redict, so its cursors do"
                        + " not show how much a sample covers; only an exact count on a replica is possible",
                "due; the backlog could not be estimated: a:1 answers SCAN with cursors that fit no known kind of"
                        + " table, which do not show how much a sample covers; only an exact count on a replica is"
                        + " possible",
                "due; the backlog could not be estimated: a:1 is in import mode and expires nothing",
                "due; the backlog could not be estimated: a:1 is a Sentinel, which holds no keys; use the address of"
                        + " the primary",
                "a:1 has no replica that Keysweep can read, and an exact count requires one: on a primary, a scan of"
                        + " all keys is a sweep",
                // Addresses of nodes.
                "nodes abc and def of the cluster both have the address b:2, according to a:1 and the node map;"
                        + " correct the node map",
                "a:1 names node abc at null port 7000, and no address that belongs to this node alone; map the node"
                        + " by its id: abc=HOST:PORT in the node map",
                "a:1 names node abc at 'b' port 0, but announces port is 0, must be 1 to 65535; port 0 means that the"
                        + " node has no port with or without TLS as asked; map the node by its id: abc=HOST:PORT in"
                        + " the node map",
                "reconnecting: a:1 is node abc of the cluster, but node def is expected there; correct the node map or"
                        + " the address that the node announces",
                "another server answers at a:1, and not the replica; correct the address with the node map",
                "sentinel a:1 names the primary at nonsense",
                // Counts that are estimates, slots that were not covered, and replies that make no sense.
                "the server was replaced, restarted or was a replica, and nothing proves that it still has all"
                        + " deletions: keys that were reclaimed before may be back and be counted again",
                "the replies to some steps were lost, and nothing shows for sure how many keys they reclaimed",
                "the replies to some steps were lost, and others have expired keys too, so nothing shows for sure how"
                        + " many keys these steps reclaimed",
                "Slots 0-5,7 are served by no primary, so that their keys cannot be reached.",
                "Slots 0-5,7 were covered by no primary from start to end in 5 rounds, as they moved every time.",
                "the worker was lost without notice, or had stood still for too long",
                "a:1 does not allow user bob to access the channels of PSYNC (NOPERM); allow it with: ACL SETUSER bob"
                        + " &*",
                "a:1 answered INFO with \"hi\", which contains no version; is it another service, or is a proxy in"
                        + " between?",
                "a:1 sent the integer 5 instead of an array of at least 2; is it another service, or is a proxy in"
                        + " between?",
                "5 expired keys reclaimed by the server's own count (expired_keys); settings: hz 10 is back,"
                        + " active-expire-effort may still be 10 (before: 1), lazyfree-lazy-expire was set to no by"
                        + " another client",
                "1 expired key reclaimed by the server's own count (expired_keys); settings: hz may still be 100"
                        + " (before: 10), active-expire-effort 1 is back"
            })
    void of_aRecordedText_isChinese(String english) {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        assertChinese(RecordedText.of(english));
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void of_theReasonOfAHoldByASignal_andOfItsKind_isChinese(Signal signal) {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);

        // The value of the signal, 3, is above its hard limit, 2, so the sweep holds.
        ThrottleState state = new Throttle(new Limits(Map.of(signal, new Limit(1, 2, 4))))
                .next(
                        ThrottleState.UNTHROTTLED,
                        new LoadObservation(Duration.ofSeconds(1), Map.of(signal, 3.0), OptionalDouble.empty()));

        assertThat(state.decision()).isInstanceOfSatisfying(ThrottleState.ThrottleDecision.HoldSteps.class, hold -> {
            assertChinese(RecordedText.of(hold.reason()));
            assertChinese(RecordedText.of(ReasonKind.of(hold.reason())));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "zh-CN"})
    void of_theCeilingsOfAScan_containsTheirLabels_andNotTheirNamesInTheApis(String language) {
        LocaleContextHolder.setLocale(Locale.forLanguageTag(language));
        CeilingValues values = new CeilingValues(
                Profile.GENTLE,
                /* maxShare= */ 0.2,
                /* maxRate= */ 900L,
                /* namesStay= */ true,
                /* maxLatencyMs= */ 50.0,
                /* maxReplicaLag= */ 1_000L,
                /* maxEvictions= */ 10L,
                /* assist= */ false);
        Ceilings ceilings = new Ceilings(
                List.of(new Ceilings.Owned(Phrase.of("the tag env=prod"), values)), /* needsApproval= */ false);

        String text = RecordedText.of(ceilings.description());

        assertThat(ceilings.inForce())
                .hasSize(CeilingValues.class.getRecordComponents().length)
                .allSatisfy(ceiling -> assertThat(text).doesNotContain(ceiling.field() + " "));
        assertThat(text)
                .contains(
                        language.equals("en")
                                ? List.of("Highest share: 0.2 (the tag env=prod)", "assist): false (the tag env=prod)")
                                : List.of("最高占比：0.2（标签 env=prod）", "提高服务器的设置：否（标签 env=prod）"));
    }

    @Test
    void of_aRequestAboveCeilings_containsTheLabelsOfFields() {
        String recorded = "share is '0.5', must be at most 0.1 (maxShare of the tag env=prod). stallBudgetMs is"
                + " '9.0', must be at most 2.0 (maxProfile of the project).";
        LocaleContextHolder.setLocale(Locale.ENGLISH);

        assertThat(RecordedText.of(recorded))
                .isEqualTo("Share of the server’s time is '0.5', must be at most 0.1 (highest share of the tag"
                        + " env=prod). Stall budget (ms) is '9.0', must be at most 2.0 (fastest profile of the"
                        + " project).");

        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        assertThat(RecordedText.of(recorded))
                .isEqualTo("占用服务器时间的比例为 '0.5'，应不超过 0.1（标签 env=prod的“最高占比”）。" + "停顿预算为 '9.0'，应不超过 2.0（项目的“最快的档位”）。");
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void of_thePauseOfAUser_keepsTheNameAndTheReasonOfTheUser(Scope scope) {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        Instant now = Instant.parse("2026-11-26T12:00:00Z");
        // The verb is "pause" for a scan, and "hold" for a project or all projects.
        String verb = scope == Scope.SCAN ? "暂停" : "挂起";

        // The name and the reason happen to be texts of the service. They are not translated.
        Pause explained = new Pause(scope, new Intervention("pipeline", "connection broke", now));
        assertThat(RecordedText.of(explained.reason())).endsWith("由 pipeline " + verb + "：connection broke");

        // A pause can also have no reason.
        Pause unexplained = new Pause(scope, new Intervention("KEY1", /* why= */ null, now));
        assertThat(RecordedText.of(unexplained.reason())).endsWith("由 KEY1 " + verb);
    }

    @Test
    void of_inEnglish_returnsTheSameText() {
        LocaleContextHolder.setLocale(Locale.ENGLISH);
        assertThat(RecordedText.of("HTTP status 503")).isEqualTo("HTTP status 503");
    }

    /** Checks that a text has Chinese characters, and no three English words in a row except in quotes and commands. */
    static void assertChinese(String text) {
        String unquoted = text.replaceAll("'[^']*'|(?:CONFIG|ACL) [\\x20-\\x7e]+", "");
        assertThat(unquoted)
                .matches("(?s).*\\p{IsHan}.*")
                .doesNotContainPattern("[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}");
    }
}
