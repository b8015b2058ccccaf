package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.text.ForeignText;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads INFO of the primary during a sweep, either the sections that a check needs or all sections.
 *
 * <p>No step (a call that visits keys) may be in flight on the link, because replies arrive in the order of
 * the commands. The methods throw {@link LinkBrokenException} if the connection breaks or the reply makes no sense.
 * Used by the sweep's thread only.
 *
 * @param link the connection to the primary
 */
record InfoReader(NodeLink link) {

    private static final List<Command> STATUS_CALLS = ServerStatus.SECTIONS.stream()
            .map(section -> Command.of("INFO", section))
            .toList();

    /** Reads the sections that a {@link ServerStatus} consists of. */
    ServerInfo readStatusSections() {
        return receive(requestStatusSections());
    }

    /** Sends the calls of {@link #readStatusSections} without waiting, and returns the replies to receive. */
    NodeLink.Sent requestStatusSections() {
        return link.send(STATUS_CALLS);
    }

    /** Reads the section about replicas. */
    ServerInfo readReplication() {
        return receive(link.send(List.of(Command.of("INFO", "replication"))));
    }

    /** Reads all of INFO, in one call. */
    ServerInfo readAll() {
        return receive(link.send(List.of(Command.of("INFO"))));
    }

    /** Waits for the replies to INFO commands, and returns the fields of all replies together. */
    ServerInfo receive(NodeLink.Sent pendingReplies) {
        try {
            List<Reply> replies = pendingReplies.await().replies();
            // A user who may run INFO may read all sections, so an error means that the server does not have the
            // section.
            Stream<Reply> knownSections = replies.stream().skip(1).filter(reply -> !(reply instanceof Reply.Failure));
            ServerInfo info = ServerInfo.parse(Stream.concat(Stream.of(replies.getFirst()), knownSections)
                    .map(Reply::text)
                    .collect(Collectors.joining("\n")));
            if (info.fields().isEmpty()) {
                throw new UnexpectedReplyException("an unreadable reply to INFO: "
                        + ForeignText.quote(replies.getFirst().text()));
            }
            return info;
        } catch (UnexpectedReplyException e) {
            throw LinkBrokenException.after(e);
        }
    }
}
