package io.keysweep.server.policy;

import io.keysweep.server.iam.Caller;

/**
 * Finds the project or instance whose policy a path names, and refuses callers that lack the permission.
 *
 * <p>{@link PolicyAccess} creates the implementations, one for the paths of projects and one for the paths of
 * instances.
 */
public interface PolicyOwnerAccess {

    /**
     * Returns the owner of the policy that the caller wants to read.
     *
     * @param id the project or instance in the path
     * @throws io.keysweep.server.error.RequestRefusedException if there is no such project or instance, or the caller
     *     lacks the permission
     */
    PolicyOwner ownerToRead(Caller caller, String id);

    /**
     * Returns the owner of the policy that the caller wants to set or remove.
     *
     * @param id the project or instance in the path
     * @throws io.keysweep.server.error.RequestRefusedException if there is no such project or instance, or the caller
     *     lacks the permission
     */
    PolicyOwner ownerToChange(Caller caller, String id);
}
