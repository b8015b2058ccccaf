package io.keysweep.server.policy;

/**
 * Describes one path of the native API and the kind of policy that is read and changed there.
 *
 * <p>A policy is a document of settings of a project or an instance. {@link PolicyRoutes} serves every bean of this
 * type.
 *
 * @param path the path with a variable {@code id}, such as {@code /api/v1/instances/{id}/windows}
 * @param ownerAccess finds the project or instance that {@code id} names, and checks permissions
 * @param documentRules checks and shows the documents of this kind of policy
 * @param <V> the view that the native API shows
 */
public record PolicyEndpoint<V>(String path, PolicyOwnerAccess ownerAccess, PolicyDocuments<V> documentRules) {}
