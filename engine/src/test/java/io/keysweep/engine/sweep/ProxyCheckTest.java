package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests servers that refuse SELECT or count no keys, which no server of the integration tests does. */
final class ProxyCheckTest {

    private static final String INFO =
            "run_id:run-1\r\ndb0:keys=10,expires=0,avg_ttl=0\r\ndb5:keys=3,expires=0,avg_ttl=0";

    @Test
    void check_selectRefused_namesTheCauseInsteadOfAProxy() {
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> check("ERR unknown command 'SELECT'"))
                .matches(e -> e.reason() == Reason.COMMAND_FORBIDDEN)
                .withMessageContaining("does not know the command SELECT");
    }

    @Test
    void check_databaseDenied_leavesItOut() {
        assertThat(check("NOPERM User app has no permissions to access database 5"))
                .isNull();
    }

    /**
     * The server is refused. A sweep that trusted such a DBSIZE would find no database to visit, and would end as
     * complete.
     */
    @ParameterizedTest
    @CsvSource({"-1, answers DBSIZE with -1", "0, 'answers DBSIZE with 0 for database 0, in which INFO counts keys'"})
    void check_sizeThatCountsNoKeys_isRefused(long size, String message) {
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> check("NOPERM User app has no permissions to access database 5", size))
                .matches(e -> e.reason() == Reason.NOT_COVERABLE)
                .withMessageContaining(message);
    }

    private static ProxyCheck.@Nullable SplitView check(String errorOfSelect) {
        return check(errorOfSelect, /* size= */ 10);
    }

    private static ProxyCheck.@Nullable SplitView check(String errorOfSelect, long size) {
        return new ProxyCheck(new OneDatabase(errorOfSelect, size), new ServerErrors("10.0.0.9:6379", Credentials.NONE))
                .check(ServerInfo.parse(INFO), /* method= */ null);
    }

    /** Represents a server that selects no database but 0, which has 10 keys by INFO. */
    private record OneDatabase(String errorOfSelect, long size) implements NodeLink {

        @Override
        public Sent send(List<Command> commands) {
            return () -> new Exchange(commands.stream().map(this::answer).toList(), Duration.ofMillis(1));
        }

        /** Returns the reply to a command. */
        private Reply answer(Command command) {
            return switch (String.join(" ", command.words())) {
                case "INFO" -> new Reply.Text(INFO);
                case "DBSIZE" -> new Reply.Numeric(size);
                case "SELECT 0" -> new Reply.Text("OK");
                case "SELECT 5" -> new Reply.Failure(errorOfSelect);
                default -> new Reply.Failure("NOPERM User app has no permissions to run the 'scan' command");
            };
        }

        @Override
        public void close() {}
    }
}
