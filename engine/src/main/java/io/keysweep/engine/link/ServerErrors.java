package io.keysweep.engine.link;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Translates error replies of one node into a {@link NodeRefusedException} that says what the operator can do.
 *
 * <p>Sweeps, the doctor, estimates and connections all use this class, so each cause has the same message everywhere.
 *
 * <p>The error code, which is the first word of an error, determines the exception. The code {@code ERR} stands for
 * many causes, so for this code the text after it decides. The wording differs between versions; the texts here were
 * observed on Redis 2.8 to 8.6 and Valkey 8 and 9. If an error is unknown, the message quotes it. Methods with the
 * result {@link NodeRefusedException} create the exception for the caller to throw.
 *
 * @param nodeId the node that replied, for example {@code 127.0.0.1:6379}
 * @param credentials the credentials of the connection; only the user's name appears in messages
 */
public record ServerErrors(String nodeId, Credentials credentials) {

    /** Finds the command in errors such as {@code NOPERM this user has no permissions to run the 'scan' command}. */
    private static final Pattern QUOTED_COMMAND = Pattern.compile("(?:run the|unknown command) ['`]([^'`, ]+)");

    /**
     * The minimum length of a password that is hidden, in characters. A shorter one may be part of an ordinary word.
     */
    private static final int MIN_HIDDEN_LENGTH = 6;

    /**
     * Returns whether an error says that the user must not run a command, or that the server does not know the command.
     */
    public static boolean isForbidden(Reply.Failure failure) {
        return failure.code().equals("NOPERM") || (failure.code().equals("ERR") && textForbids(failure.message()));
    }

    /**
     * Returns whether the text of an ERR forbids a command. An error from within a script has the code ERR, and
     * contains the text of the actual error, for example NOPERM.
     */
    private static boolean textForbids(String message) {
        return message.contains("NOPERM")
                || message.contains("ACL failure")
                || message.contains("can't run this command")
                || isUnknownCommand(message);
    }

    private static boolean isUnknownCommand(String message) {
        return message.contains("unknown command") || message.contains("Unknown Redis command called from");
    }

    /**
     * Returns the exception that explains an error reply, for the caller to throw. Its message hides the password, see
     * {@link #withoutPassword(String)}.
     *
     * @param command the name of the command that got the error; used in the message if the error itself names no
     *     command
     * @param reply the error reply
     * @param neededCommands the commands, in lower case, that the message suggests to allow with ACL SETUSER if one of
     *     them is forbidden, for example {@code scan}; if empty, the message suggests the forbidden command
     */
    public NodeRefusedException of(String command, Reply.Failure reply, List<String> neededCommands) {
        Reply.Failure failure = withoutPassword(reply);
        return switch (failure.code()) {
            case "NOAUTH" ->
                refusal(
                        Reason.AUTHENTICATION_REQUIRED,
                        "requires a password and none is configured (NOAUTH); give it, on the command line with"
                                + " KEYSWEEP_REDIS_PASSWORD or --password");
            case "WRONGPASS" -> wrongCredentials("WRONGPASS");
            case "DENIED" ->
                refusal(
                        Reason.AUTHENTICATION_REQUIRED,
                        "is in protected mode and accepts only clients on its own machine (DENIED), as it has no"
                                + " password; set a password for its default user, or connect from its machine");
            case "LOADING" -> refusal(Reason.LOADING, "is still loading its data set (LOADING); try again later");
            case "MASTERDOWN" ->
                refusal(
                        Reason.REPLICA_WITHOUT_PRIMARY,
                        "is a replica that has lost its primary (MASTERDOWN); sweep the primary");
            case "READONLY" -> refusal(Reason.REPLICA, "is a replica (READONLY); sweep its primary");
            case "BUSY" ->
                refusal(Reason.UNREACHABLE, "is busy with a script of another client (BUSY); try again later");
            case "MISCONF" ->
                refusal(
                        Reason.NOT_RECLAIMING,
                        "accepts no writes, since its last save failed (MISCONF); see its log and the free space on"
                                + " its disk");
            case "OOM" ->
                refusal(
                        Reason.NOT_RECLAIMING,
                        "has reached maxmemory and refuses " + command + " (OOM); raise maxmemory, or set an eviction"
                                + " policy");
            case "NOREPLICAS" ->
                refusal(
                        Reason.NOT_RECLAIMING,
                        "accepts no writes without enough replicas (NOREPLICAS, min-replicas-to-write); bring its"
                                + " replicas back");
            case "CLUSTERDOWN" ->
                refusal(
                        Reason.UNREACHABLE,
                        "belongs to a cluster that is down (CLUSTERDOWN); see CLUSTER INFO and try again later");
            case "TRYAGAIN" ->
                refusal(Reason.UNREACHABLE, "is moving slots to another node (TRYAGAIN); try again later");
            case "NOPROTO" ->
                refusal(
                        Reason.NOT_REDIS,
                        "does not speak the protocol version RESP2 (NOPROTO), which Keysweep uses; connect to the server"
                                + " itself, without a proxy");
            case "MOVED", "ASK" ->
                refusal(
                        Reason.OTHER_DEPLOYMENT,
                        "is one node of a cluster and redirects " + command + " (" + failure.code()
                                + "); address the cluster: redis-cluster://" + nodeId);
            case "NOPERM" -> forbidden(command, failure, neededCommands);
            case "ERR" -> explainByText(command, failure, neededCommands);
            default -> unexplained(command, failure);
        };
    }

    /**
     * Returns the exception that explains why a database cannot be selected.
     *
     * @param failure the error reply to SELECT
     * @param neededCommands see {@link #of}
     */
    public NodeRefusedException ofDatabase(int db, Reply.Failure failure, List<String> neededCommands) {
        if (!isDatabaseDenied(failure)) {
            return of("SELECT", failure, neededCommands);
        }
        return refusal(
                Reason.COMMAND_FORBIDDEN,
                "does not allow user " + user() + " to access database " + db
                        + " (NOPERM), which holds keys; allow it with: ACL SETUSER " + user() + " alldbs");
    }

    /** Returns whether an error says that the user may run the command, but not access the database (Valkey 9.1). */
    public static boolean isDatabaseDenied(Reply.Failure failure) {
        return isForbidden(failure) && failure.message().contains("access database");
    }

    /**
     * Returns the exception for a server that refuses scripts while the settings forbid key names to leave the server.
     * Only scripts keep key names on the server.
     *
     * @param why the reason why scripts are not available, as part of a sentence
     */
    public NodeRefusedException namesWouldLeave(String why) {
        return refusal(
                Reason.COMMAND_FORBIDDEN,
                "can be swept without sending key names only by scripts, but " + why
                        + "; allow scripts (+eval), or allow key names to leave the server");
    }

    /** Hides the password in an error, since a server that is not Redis may repeat the command that it received. */
    private Reply.Failure withoutPassword(Reply.Failure failure) {
        return new Reply.Failure(withoutPassword(failure.message()));
    }

    /**
     * Returns a text with {@code ***} instead of the password. The text may come from a peer that repeats the commands
     * it received. Does not hide a password of fewer than {@value #MIN_HIDDEN_LENGTH} characters.
     */
    public String withoutPassword(String text) {
        String password = credentials.password();
        return password == null || password.length() < MIN_HIDDEN_LENGTH ? text : text.replace(password, "***");
    }

    /**
     * Returns the exception for a node that does not answer as a Redis server would.
     *
     * @param behaviour a part of a sentence whose subject is the node, for example {@code answered INFO with ""}
     */
    public NodeRefusedException notRedis(String behaviour) {
        return refusal(Reason.NOT_REDIS, behaviour + "; is it another service, or is a proxy in between?");
    }

    /** Returns the exception for a node whose connection broke before Keysweep had read everything that it needed. */
    public NodeRefusedException broken(LinkBrokenException e) {
        return e.getCause() instanceof UnexpectedReplyException reply
                ? unexpected(reply)
                : refusal(Reason.UNREACHABLE, "could not be examined: " + e.getMessage());
    }

    /**
     * Returns the exception for a node with an unexpected reply. If the reply is an error, the exception explains that
     * error. Any other unexpected reply means that the node is not a Redis server.
     */
    public NodeRefusedException unexpected(UnexpectedReplyException e) {
        Reply.Failure error = e.error();
        return error == null ? notRedis("sent " + e.getMessage()) : of("a command", error, List.of());
    }

    /** Explains an error with the code {@code ERR}, which stands for many causes. */
    private NodeRefusedException explainByText(String command, Reply.Failure failure, List<String> neededCommands) {
        String message = failure.message();
        if (isForbidden(failure)) {
            return forbidden(command, failure, neededCommands);
        }
        if (message.contains("max number of clients")) {
            return refusal(
                    Reason.UNREACHABLE,
                    "accepts no more clients (maxclients reached); close some, raise maxclients, or try again later");
        }
        if (message.contains("operation not permitted")) {
            return refusal(
                    Reason.AUTHENTICATION_REQUIRED,
                    "requires a password and none is configured; give it, on the command line with"
                            + " KEYSWEEP_REDIS_PASSWORD or --password");
        }
        if (message.contains("invalid password")) {
            return wrongCredentials(message);
        }
        if (message.contains("no password is set") || message.contains("without any password configured")) {
            return refusal(
                    Reason.WRONG_CREDENTIALS,
                    "does not accept the password: its default user has none; connect without a password");
        }
        if (message.contains("wrong number of arguments for 'auth'")) {
            return refusal(
                    Reason.WRONG_CREDENTIALS,
                    "does not accept user or password: it knows no users, as Redis before 6.0; give only a password");
        }
        return unexplained(command, failure);
    }

    /** Returns the exception that quotes an error without explaining it. */
    private NodeRefusedException unexplained(String command, Reply.Failure failure) {
        return refusal(Reason.UNREACHABLE, "answered " + command + " with " + ForeignText.quote(failure.message()));
    }

    private NodeRefusedException wrongCredentials(String error) {
        return refusal(
                Reason.WRONG_CREDENTIALS,
                credentials.username() == null
                        ? "does not accept the password of its default user (" + error
                                + "); correct it, or name the user that it belongs to"
                        : "does not accept user or password (" + error + "): user " + credentials.username()
                                + " does not exist, is off, or the password is wrong");
    }

    /** Returns the exception for a forbidden or unknown command. Its message says how to allow a forbidden one. */
    private NodeRefusedException forbidden(String command, Reply.Failure failure, List<String> neededCommands) {
        String message = failure.message();
        Matcher quotedCommand = QUOTED_COMMAND.matcher(message);
        String name = quotedCommand.find() ? quotedCommand.group(1) : command;
        if (isUnknownCommand(message)) {
            // The server's own text is left out, since it repeats the arguments, and an argument of AUTH is the
            // password.
            return refusal(
                    Reason.COMMAND_FORBIDDEN,
                    "does not know the command " + name.toUpperCase(Locale.ROOT)
                            + "; the provider may have renamed or disabled it");
        }
        String allow = "; allow it with: ACL SETUSER " + user() + " ";
        if (message.contains("access database")) {
            return denied("access the database", allow + "alldbs");
        }
        if (message.contains("access a key") || message.contains("of the keys")) {
            return denied("access the keys of " + command, allow + "~*");
        }
        if (message.contains("access a channel") || message.contains("of the channels")) {
            return denied("access the channels of " + command, allow + "&*");
        }
        List<String> commands = neededCommands.isEmpty() ? List.of(name.toLowerCase(Locale.ROOT)) : neededCommands;
        return denied("run " + name.toUpperCase(Locale.ROOT), allow + "+" + String.join(" +", commands));
    }

    /**
     * Returns the exception for a missing permission.
     *
     * @param action the forbidden action, as a part of a sentence, for example {@code run SCAN}
     * @param remedy how to allow it, appended to the sentence
     */
    private NodeRefusedException denied(String action, String remedy) {
        return refusal(
                Reason.COMMAND_FORBIDDEN, "does not allow user " + user() + " to " + action + " (NOPERM)" + remedy);
    }

    /** Returns the ACL user of the connection; without one in the credentials, the server uses {@code default}. */
    private String user() {
        return credentials.username() == null ? "default" : credentials.username();
    }

    /**
     * Returns the exception for this node.
     *
     * @param predicate the message without its subject, which is the node
     */
    private NodeRefusedException refusal(Reason reason, String predicate) {
        return new NodeRefusedException(nodeId, reason, nodeId + " " + predicate);
    }
}
