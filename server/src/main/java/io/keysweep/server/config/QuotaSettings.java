package io.keysweep.server.config;

/**
 * Limits how much may be stored, so that no caller fills the database or makes lists too long to use.
 *
 * <p>A limit only refuses to create another object. If a limit is lowered, no existing object is removed. Requests at
 * the same time can exceed the limit of instances by a few.
 *
 * @param projects maximum number of projects of the service
 * @param instancesPerProject maximum number of instances of a project
 * @param accessKeysPerProject maximum number of access keys of a project, including keys that can no longer be used
 * @param accessKeysPerUser maximum number of access keys that a user owns; the number for the project includes them
 * @param usersPerProject maximum number of users of a project
 */
public record QuotaSettings(
        int projects, int instancesPerProject, int accessKeysPerProject, int accessKeysPerUser, int usersPerProject) {

    /** Contains the default values. */
    public static final QuotaSettings DEFAULT = new QuotaSettings(
            /* projects= */ 1000,
            /* instancesPerProject= */ 10_000,
            /* accessKeysPerProject= */ 1000,
            /* accessKeysPerUser= */ 20,
            /* usersPerProject= */ 1000);
}
