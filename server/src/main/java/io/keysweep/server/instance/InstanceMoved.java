package io.keysweep.server.instance;

import java.util.UUID;

/**
 * Announces, inside the transaction, that an instance has been changed to lead to another server.
 *
 * <p>A feature listens to this event if it stores what it has measured on the former server. The row of the instance is
 * locked until the transaction ends. If a listener throws an exception, the instance is not changed.
 *
 * @param instanceId id of the instance, which leads to the new server already
 */
public record InstanceMoved(UUID instanceId) {}
