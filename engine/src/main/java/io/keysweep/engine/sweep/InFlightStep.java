package io.keysweep.engine.sweep;

import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.plan.DatabaseWalk;

/**
 * A step on its way.
 *
 * @param walk through the database that it is done in
 * @param lane the segment that it is done in
 * @param count its COUNT
 * @param sent its reply to come
 */
record InFlightStep(DatabaseWalk walk, DatabaseWalk.OpenSegment openSegment, int count, NodeLink.Sent sent) {}
