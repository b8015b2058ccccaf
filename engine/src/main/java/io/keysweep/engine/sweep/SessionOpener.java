package io.keysweep.engine.sweep;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.reclaim.KeyNames;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions with one primary: at once or not at all, or with patience.
 *
 * @param connector opens links
 * @param locator where the primary is
 * @param access how to get in
 * @param names whether names of keys may leave it, by the pace of the moment
 * @param limits when the run ends all the same
 * @param holds begins a hold for a reason
 */
record SessionOpener(
        NodeConnector connector,
        PrimaryLocator locator,
        Access access,
        Supplier<KeyNames> names,
        RunLimits limits,
        Function<String, Hold> holds) {

    /**
     * A session now.
     *
     * @throws NodeRefusedException if there is none to be had
     */
    Session now() {
        return Session.open(connector, locator.locate(), access, names.get());
    }

    /**
     * A session now, or once the server is back.
     *
     * @throws NodeRefusedException if it does not come back in time, or what keeps it away cannot pass
     */
    Session patiently() throws InterruptedException {
        try {
            return now();
        } catch (NodeRefusedException e) {
            if (!canPass(e)) {
                throw e;
            }
            Hold hold = holds.apply(String.valueOf(e.getMessage()));
            Session opened = whenBack(hold);
            hold.end();
            if (opened == null) {
                throw e;
            }
            return opened;
        }
    }

    /** A session once the server is back; null at the deadline and on cancel. */
    @Nullable Session whenBack(Hold hold) throws InterruptedException {
        while (limits.reached() == null) {
            try {
                return now();
            } catch (NodeRefusedException e) {
                if (!canPass(e) || hold.patienceOver()) {
                    throw e;
                }
                hold.because(String.valueOf(e.getMessage()));
            }
            limits.rest(hold.nextPause());
        }
        return null;
    }

    /** Whether what a node is refused for can pass by itself. */
    private boolean canPass(NodeRefusedException refusal) {
        return switch (refusal.reason()) {
            // A server that hangs while it restarts looks like none.
            case UNREACHABLE, NOT_REDIS, LOADING, NOT_RECLAIMING, OVERLOADED -> true;
            // Somebody else will be told of as primary soon.
            case REPLICA, REPLICA_WITHOUT_PRIMARY -> locator.mayMove();
            case AUTHENTICATION_REQUIRED,
                    WRONG_CREDENTIALS,
                    COMMAND_FORBIDDEN,
                    OTHER_DEPLOYMENT,
                    HANDED_OVER,
                    TOO_OLD -> false;
        };
    }
}
