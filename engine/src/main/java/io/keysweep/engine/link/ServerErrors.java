package io.keysweep.engine.link;

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
 * <p>The wording of errors differs between versions. The texts here were observed on Redis 2.8 to 8.0 and Valkey 8
 * and 9.
 *
 * @param nodeId the node that replied, for example {@code 127.0.0.1:6379}
 * @param credentials the credentials of the connection; only the user's name appears in messages
 */
public record ServerErrors(String nodeId, Credentials credentials) {

    /** Finds the command in errors such as {@code NOPERM this user has no permissions to run the 'scan' command}. */
    private static final Pattern QUOTED_COMMAND = Pattern.compile("run the '([^' ]+)");

    /** A shorter password may be part of a word in any error. */
    private static final int MIN_HIDDEN = 6;

    /** Parts of error texts for wrong credentials that have no error code of their own, only ERR. */
    private static final List<String> OLD_WRONG_CREDENTIALS = List.of(
            "invalid password",
            "no password is set",
            "without any password configured",
            "wrong number of arguments for 'auth'");

    /** Returns whether an error says that the user must not run a command, or that the server does not know it. */
    public static boolean isForbidden(Reply.Failure failure) {
        String message = failure.message();
        // An error from within a script has another code; its message contains the text of the actual error.
        return failure.code().equals("NOPERM")
                || message.contains("NOPERM")
                || message.contains("ACL failure")
                || message.contains("can't run this command")
                || message.contains("unknown command")
                || message.contains("Unknown Redis command called from");
    }

    /**
     * Returns the exception that explains an error reply, for the caller to throw.
     *
     * @param command the name of the command that got the error; used if the error itself names no command
     * @param reply the error reply
     * @param needed the commands that the message suggests to allow with ACL SETUSER, for example {@code scan}
     */
    public NodeRefusedException of(String command, Reply.Failure reply, List<String> needed) {
        Reply.Failure failure = withoutPassword(reply);
        String message = failure.message();
        if (isForbidden(failure)) {
            return forbidden(command, failure, needed);
        }
        return switch (failure.code()) {
            case "NOAUTH" ->
                refused(
                        Reason.AUTHENTICATION_REQUIRED,
                        "requires a password and none is configured (NOAUTH); configure user and password");
            case "WRONGPASS" -> wrongCredentials(message);
            case "LOADING" -> refused(Reason.LOADING, "is still loading its data set (LOADING); try again later");
            case "MASTERDOWN" ->
                refused(
                        Reason.REPLICA_WITHOUT_PRIMARY,
                        "is a replica that has lost its primary (MASTERDOWN); sweep the primary");
            case "READONLY" -> refused(Reason.REPLICA, "is a replica (READONLY); sweep its primary");
            case "BUSY" ->
                refused(Reason.UNREACHABLE, "is busy with a script of another client (BUSY); try again later");
            default -> other(command, message);
        };
    }

    /**
     * Returns the exception for a server that refuses scripts while the settings forbid key names to leave the server.
     * Only scripts keep key names on the server.
     *
     * @param why the reason why scripts are not available, as part of a sentence
     */
    public NodeRefusedException namesWouldLeave(String why) {
        return refused(
                Reason.COMMAND_FORBIDDEN,
                "can be swept without sending key names only by scripts, but " + why
                        + "; allow scripts (+eval), or allow key names to leave the server");
    }

    /** Hides the password in an error, since a peer that is no Redis server may repeat what it was sent. */
    private Reply.Failure withoutPassword(Reply.Failure failure) {
        String password = credentials.password();
        return password == null || password.length() < MIN_HIDDEN
                ? failure
                : new Reply.Failure(failure.message().replace(password, "***"));
    }

    private NodeRefusedException other(String command, String message) {
        for (String wording : OLD_WRONG_CREDENTIALS) {
            if (message.contains(wording)) {
                return wrongCredentials(message);
            }
        }
        if (message.contains("operation not permitted")) {
            return refused(Reason.AUTHENTICATION_REQUIRED, "requires a password and none is configured; configure it");
        }
        if (message.contains("max number of clients")) {
            return refused(Reason.UNREACHABLE, "accepts no more clients (maxclients); try again later");
        }
        return refused(Reason.UNREACHABLE, "answered " + command + " with \"" + message + "\"");
    }

    private NodeRefusedException wrongCredentials(String message) {
        return refused(
                Reason.WRONG_CREDENTIALS,
                "does not accept " + (credentials.username() == null ? "the password" : "user or password")
                        + (message.startsWith("WRONGPASS") ? " (WRONGPASS)" : " (" + message + ")"));
    }

    private NodeRefusedException forbidden(String command, Reply.Failure failure, List<String> needed) {
        Matcher quoted = QUOTED_COMMAND.matcher(failure.message());
        String name = quoted.find() ? quoted.group(1) : command;
        String user = credentials.username() == null ? "default" : credentials.username();
        String why = failure.message().contains("nknown")
                ? "does not know the command " + name.toUpperCase(Locale.ROOT)
                        + "; the provider may have renamed or disabled it"
                : "does not allow user " + user + " to run " + name.toUpperCase(Locale.ROOT)
                        + " (NOPERM); allow it with: " + "ACL SETUSER " + user + " +" + String.join(" +", needed);
        return refused(Reason.COMMAND_FORBIDDEN, why);
    }

    private NodeRefusedException refused(Reason reason, String what) {
        return new NodeRefusedException(nodeId, reason, nodeId + " " + what);
    }
}
