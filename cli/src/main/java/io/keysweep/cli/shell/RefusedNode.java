package io.keysweep.cli.shell;

import io.keysweep.engine.estimate.EstimateRefusedException;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.List;

/**
 * Represents, as JSON, a node of a cluster that a command could not read or assist, although it could read or assist
 * other nodes.
 *
 * <p>The commands are {@code keysweep doctor}, {@code keysweep estimate} and {@code keysweep sweep --assist-only}.
 *
 * @param nodeId the node, {@code host:port}; empty if the message alone names it
 * @param message why the command could not read or assist the node, and what the user can do about it
 */
public record RefusedNode(String nodeId, String message) {

    /** Converts the exceptions that say why nodes could not be read or assisted, in the same order. */
    public static List<RefusedNode> of(List<? extends RuntimeException> refusals) {
        return refusals.stream()
                .map(refusal -> new RefusedNode(nodeId(refusal), String.valueOf(refusal.getMessage())))
                .toList();
    }

    /**
     * Returns the exit code of a command that has reported the nodes that it could read. This is the code of the first
     * refusal, or {@link ExitCode#DONE} if there is none. A refusal that is not a {@link NodeRefusedException} has its
     * cause in the options, and gives {@link ExitCode#USAGE}.
     */
    public static ExitCode exitCode(List<? extends RuntimeException> refusals) {
        return refusals.stream()
                .findFirst()
                .map(first ->
                        first instanceof NodeRefusedException refused ? ExitCode.of(refused.reason()) : ExitCode.USAGE)
                .orElse(ExitCode.DONE);
    }

    private static String nodeId(RuntimeException refusal) {
        return switch (refusal) {
            case NodeRefusedException refused -> refused.nodeId();
            case EstimateRefusedException refused -> refused.nodeId();
            default -> "";
        };
    }
}
