package io.keysweep.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the reasons and messages into which error replies are translated. */
final class ServerErrorsTest {

    private final ServerErrors errors = new ServerErrors("h:1", new Credentials("me", "secret"));

    /** Tests one error of a real server per row, with its reason and a text that the message must contain. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NOAUTH Authentication required. | AUTHENTICATION_REQUIRED | requires a password",
                "DENIED Redis is running in protected mode because protected mode is enabled, no bind address was"
                        + " specified, no password is set | AUTHENTICATION_REQUIRED | protected mode",
                "WRONGPASS invalid username-password pair or user is disabled. | WRONG_CREDENTIALS | user me does not",
                "ERR invalid password | WRONG_CREDENTIALS | does not accept user or password",
                "ERR Client sent AUTH, but no password is set | WRONG_CREDENTIALS | connect without a password",
                "ERR AUTH <password> called without any password configured for the default user. Are you sure your"
                        + " configuration is correct? | WRONG_CREDENTIALS | connect without a password",
                "ERR wrong number of arguments for 'auth' command | WRONG_CREDENTIALS | knows no users",
                "ERR max number of clients reached | UNREACHABLE | maxclients",
                "LOADING Redis is loading the dataset in memory | LOADING | loading its data set",
                "MASTERDOWN Link with MASTER is down | REPLICA_WITHOUT_PRIMARY | lost its primary",
                "READONLY You can't write against a read only replica. | REPLICA | sweep its primary",
                "BUSY Redis is busy running a script. | UNREACHABLE | script of another client",
                "MISCONF Redis is configured to save RDB snapshots | NOT_RECLAIMING | last save failed",
                "OOM command not allowed when used memory > 'maxmemory'. | NOT_RECLAIMING | maxmemory",
                "NOREPLICAS Not enough good replicas to write. | NOT_RECLAIMING | replicas",
                "CLUSTERDOWN The cluster is down | UNREACHABLE | cluster that is down",
                "TRYAGAIN Multiple keys request during rehashing of slot | UNREACHABLE | moving slots",
                "MOVED 1 10.0.0.9:6379 | OTHER_DEPLOYMENT | redis-cluster://h:1",
                "NOPROTO unsupported protocol version | NOT_REDIS | RESP2",
                "NOSCRIPT No matching script. | UNREACHABLE | answered EVAL with \"NOSCRIPT",
                "NOPERM User me has no permissions to run the 'select' command | COMMAND_FORBIDDEN | to run SELECT",
                "NOPERM this user has no permissions to run the 'scan' command or its subcommand | COMMAND_FORBIDDEN"
                        + " | ACL SETUSER me +info +scan",
                "NOPERM No permissions to access a key | COMMAND_FORBIDDEN | ACL SETUSER me ~*",
                "NOPERM this user has no permissions to access one of the keys used as arguments | COMMAND_FORBIDDEN"
                        + " | ACL SETUSER me ~*",
                "NOPERM No permissions to access a channel | COMMAND_FORBIDDEN | ACL SETUSER me &*",
                "NOPERM No permissions to access database | COMMAND_FORBIDDEN | access the database",
                "ERR ACL failure in script: User me has no permissions to run the 'scan' command | COMMAND_FORBIDDEN"
                        + " | to run SCAN",
                "ERR unknown command 'INFO', with args beginning with: | COMMAND_FORBIDDEN | renamed or disabled",
                "ERR something else | UNREACHABLE | answered EVAL with \"ERR something else\""
            })
    void of_errorOfAnyServer_hasOneReasonAndAPlainMessage(String error, Reason reason, String words) {
        NodeRefusedException refusal = errors.of("EVAL", new Reply.Failure(error), List.of("info", "scan"));

        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal).hasMessageStartingWith("h:1 ").hasMessageContaining(words);
    }

    @Test
    void of_textWithWordsOfAnotherCause_isJudgedByItsCode() {
        assertThat(ServerErrors.isForbidden(new Reply.Failure("LOADING unknown command")))
                .isFalse();
        assertThat(errors.of("INFO", new Reply.Failure("BUSY no password is set"), List.of())
                        .reason())
                .isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void of_errorThatRepeatsThePassword_doesNotShowIt() {
        Reply.Failure error = new Reply.Failure("ERR unknown command 'AUTH', with args beginning with: 'me' 'secret'");

        assertThat(errors.of("AUTH", error, List.of()))
                .hasMessageContaining("does not know the command AUTH")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void ofDatabase_deniedOne_isNamedWithTheRemedy() {
        assertThat(errors.ofDatabase(3, new Reply.Failure("NOPERM No permissions to access database"), List.of()))
                .hasMessageContaining("to access database 3")
                .hasMessageContaining("ACL SETUSER me alldbs");
    }

    @Test
    void broken_senselessReply_hasReasonNotRedis_andQuotesTheReply() {
        UnexpectedReplyException reply = new UnexpectedReplyException("\"abc\" instead of a number");

        NodeRefusedException refusal = errors.broken(new LinkBrokenException("the server sent it", reply));

        assertThat(refusal.reason()).isEqualTo(Reason.NOT_REDIS);
        assertThat(refusal).hasMessageContaining("h:1 sent \"abc\" instead of a number");
    }
}
