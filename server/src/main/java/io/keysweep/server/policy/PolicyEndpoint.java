package io.keysweep.server.policy;

/**
 * Describes one path at which the native API serves one kind of policy. {@link PolicyRoutes} serves every bean of this
 * type.
 *
 * @param path the path with a variable {@code id}, such as {@code /api/v1/instances/{id}/windows}
 * @param owners finds the owner that {@code id} names
 * @param documents defines the documents of this kind of policy
 * @param <V> the view that the native API shows
 */
public record PolicyEndpoint<V>(String path, PolicyOwnerAccess owners, PolicyDocuments<V> documents) {}
