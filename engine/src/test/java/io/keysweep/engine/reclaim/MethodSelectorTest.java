package io.keysweep.engine.reclaim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which reclaim method is selected for the replies of a server. */
final class MethodSelectorTest {

    private static final ServerErrors ERRORS = new ServerErrors("n:1", new Credentials("me", "secret"));

    @Test
    void choose_everythingAllowed_isScript() {
        assertThat(choose(Flavour.REDIS, "7.0.15", /* nestedExpiry= */ true)
                        .method()
                        .label())
                .isEqualTo("script");
    }

    @Test
    void choose_noNestedExpiry_isPipeline() {
        MethodChoice choice = choose(Flavour.VALKEY, "8.1.1", /* nestedExpiry= */ false);
        assertThat(choice.method().label()).isEqualTo("pipeline");
        assertThat(choice.reason()).contains("lazyexpire-nested-arbitrary-keys");
    }

    @ParameterizedTest
    @CsvSource({
        "REDIS, 5.0.7, transaction",
        "REDIS, 6.0.16, transaction without names",
        "REDIS, 8.0.2, transaction without names",
        "REDIS, 8.2.0, transaction",
        "REDICT, 7.3.6, transaction without names",
        "VALKEY, 8.1.1, transaction",
        "UNKNOWN, 7.0.0, transaction"
    })
    void choose_scriptsRefused_sendsNamesOnlyIfATypeFilterWouldNotReclaim(
            Flavour flavour, String version, String method) {
        MethodChoice choice = choose(flavour, version, /* nestedExpiry= */ true, "EVAL");

        assertThat(choice.method().label()).isEqualTo(method);
        assertThat(choice.reason()).contains("script refused: NOPERM");
    }

    @ParameterizedTest
    @CsvSource({
        "REDIS, 7.0.15, LEAVE_IF_CHEAPER, script",
        "REDIS, 8.0.2, LEAVE_IF_CHEAPER, transaction",
        "REDIS, 8.2.0, LEAVE_IF_CHEAPER, script",
        "VALKEY, 8.0.1, LEAVE_IF_CHEAPER, script",
        "VALKEY, 8.1.1, LEAVE_IF_CHEAPER, transaction",
        "VALKEY, 9.0.0, LEAVE_IF_CHEAPER, transaction",
        "VALKEY, 9.0.0, LEAVE_IF_NEEDED, script",
        "VALKEY, 9.0.0, STAY, script",
        "UNKNOWN, 9.0.0, LEAVE_IF_CHEAPER, script"
    })
    void choose_everythingAllowed_sendsNamesOnlyIfAllowedAndCheaper(
            Flavour flavour, String version, KeyNames names, String method) {
        MethodChoice choice = choose(flavour, version, /* nestedExpiry= */ true, names);

        assertThat(choice.method().label()).isEqualTo(method);
        assertThat(choice.reason())
                .contains(method.equals("transaction") ? "key names leave the server" : "no key name leaves");
    }

    @Test
    void choose_cheaperMethodRefused_isScript() {
        MethodChoice choice =
                choose(Flavour.VALKEY, "9.0.0", /* nestedExpiry= */ true, KeyNames.LEAVE_IF_CHEAPER, "MULTI");
        assertThat(choice.method().label()).isEqualTo("script");
        assertThat(choice.reason()).contains("transaction refused");
    }

    @ParameterizedTest
    @CsvSource({
        "REDIS, 8.0.2, '', 120, true",
        "REDIS, 8.0.2, EVAL, 120, false",
        // Valkey reports paused writes, so a transaction need not wait for the writes itself.
        "VALKEY, 9.0.0, '', 350, false"
    })
    void choose_transaction_hasMaxCountAndWaitsForWritesIfNeededAndAllowed(
            Flavour flavour, String version, String denied, int maxCount, boolean waits) {
        ReclaimMethod method = choose(flavour, version, /* nestedExpiry= */ true, KeyNames.LEAVE_IF_CHEAPER, denied)
                .method();

        assertThat(method).isEqualTo(new TransactionStep(new ScanCall(/* sendsNames= */ true), maxCount, waits));
    }

    @Test
    void choose_namesMustStayAndScriptsRefused_isRefusedWithTheRemedy() {
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> choose(Flavour.REDIS, "7.0.0", /* nestedExpiry= */ true, KeyNames.STAY, "EVAL"))
                .matches(e -> e.reason() == Reason.COMMAND_FORBIDDEN)
                .withMessageContaining("script refused: NOPERM")
                .withMessageContaining("+eval");
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> choose(Flavour.VALKEY, "9.0.0", /* nestedExpiry= */ false, KeyNames.STAY))
                .withMessageContaining("lazyexpire-nested-arbitrary-keys");
    }

    @ParameterizedTest
    @CsvSource({
        "LOADING Redis is loading the dataset in memory, LOADING, still loading",
        "MASTERDOWN Link with MASTER is down, REPLICA_WITHOUT_PRIMARY, lost its primary",
        "ERR upstream failure, UNREACHABLE, 'answered EVAL with \"ERR upstream failure\"'",
        "ERR unknown command EVAL, COMMAND_FORBIDDEN, +eval"
    })
    void choose_namesMustStayAndScriptsFail_isRefusedForThatReason(String error, Reason reason, String message) {
        NodeLink link = new DenyingLink(Set.of("EVAL"), error);
        MethodSelector selector = new MethodSelector(link, ERRORS, Flavour.REDIS, "7.0.0");

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> selector.choose(/* nestedExpiry= */ true, KeyNames.STAY))
                .matches(e -> e.reason() == reason)
                .withMessageContaining(message);
    }

    @Test
    void choose_scanRefused_isRefusedWithTheRemedy() {
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> choose(Flavour.REDIS, "7.0.0", /* nestedExpiry= */ true, "EVAL", "SCAN"))
                .matches(e -> e.reason() == Reason.COMMAND_FORBIDDEN)
                .withMessageContaining("SCAN")
                .withMessageContaining("ACL SETUSER me +info");
    }

    /** Chooses a method that sends key names to Keysweep only if needed; the server denies some commands. */
    private static MethodChoice choose(Flavour flavour, String version, boolean nestedExpiry, String... denied) {
        return choose(flavour, version, nestedExpiry, KeyNames.LEAVE_IF_NEEDED, denied);
    }

    /** Chooses the method for a server that denies some commands and may forbid scripts to expire keys. */
    private static MethodChoice choose(
            Flavour flavour, String version, boolean nestedExpiry, KeyNames names, String... denied) {
        NodeLink link = new DenyingLink(Set.of(denied), "NOPERM this user has no permissions to run the command");
        return new MethodSelector(link, ERRORS, flavour, version).choose(nestedExpiry, names);
    }

    /** Represents a link to a server that answers some commands with an error and rejects every cursor. */
    private record DenyingLink(Set<String> denied, String error) implements NodeLink {

        @Override
        public Sent send(List<Command> commands) {
            return () -> new Exchange(commands.stream().map(this::reply).toList(), Duration.ZERO);
        }

        /** Returns the first refusal of the commands that precede this one, or the reply to the command itself. */
        private Reply reply(Command command) {
            return command.preceding().stream()
                    .map(this::reply)
                    .filter(reply -> reply instanceof Reply.Failure failure
                            && failure.code().equals("NOPERM"))
                    .findFirst()
                    .orElseGet(() -> ownReply(command));
        }

        private Reply ownReply(Command command) {
            if (denied.contains(command.name())) {
                return new Reply.Failure(error);
            }
            return switch (command.name()) {
                case "EVAL", "SCAN" -> new Reply.Failure("ERR invalid cursor");
                default -> Reply.Nil.NIL;
            };
        }

        @Override
        public void close() {}
    }
}
