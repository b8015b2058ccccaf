package io.keysweep.server.policy;

import io.keysweep.server.iam.Caller;

/** Finds the owner of a policy by the id in a path, and refuses callers that lack the permission. */
public interface PolicyOwnerAccess {

    /**
     * Returns the owner whose policy the caller wants to read.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if there is no such owner, or the caller lacks the
     *     permission
     */
    PolicyOwner ownerToRead(Caller caller, String id);

    /**
     * Returns the owner whose policy the caller wants to set or remove.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if there is no such owner, or the caller lacks the
     *     permission
     */
    PolicyOwner ownerToChange(Caller caller, String id);
}
