package io.keysweep.engine.sweep;

import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.plan.DatabaseWalk;

/**
 * An in-flight step has been sent to the server, and its reply has not been received.
 *
 * @param walk the walk through the database that the step runs in
 * @param openSegment the segment that the step runs in; no other step runs there meanwhile
 * @param count the step's COUNT
 * @param sent the pending reply
 */
record InFlightStep(DatabaseWalk walk, DatabaseWalk.OpenSegment openSegment, int count, NodeLink.Sent sent) {}
