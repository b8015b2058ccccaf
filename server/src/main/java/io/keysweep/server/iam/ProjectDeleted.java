package io.keysweep.server.iam;

/**
 * Announces, within the transaction that deletes a project, that the project is being deleted.
 *
 * <p>Listeners delete data of the project that no foreign key deletes, for example its hold. If a listener throws an
 * exception, the project is not deleted.
 *
 * @param projectId id of the project
 */
public record ProjectDeleted(String projectId) {}
