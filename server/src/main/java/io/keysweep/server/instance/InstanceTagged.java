package io.keysweep.server.instance;

import java.util.UUID;

/**
 * Announces, inside the transaction, that the tags of an instance have changed.
 *
 * <p>A feature listens to this event if it has rules for tags, such as ceilings. The row of the instance is locked until
 * the transaction ends. If a listener throws an exception, the instance is not changed.
 *
 * @param projectId id of the instance's project
 * @param instanceId id of the instance, which has the new tags already
 */
public record InstanceTagged(String projectId, UUID instanceId) {}
