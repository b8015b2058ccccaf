package io.keysweep.server.iam;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Locks the row of a project, so that transactions that change data of one project run one after another.
 *
 * <p>For example, two requests at the same time could otherwise both add the last webhook that a project can have. The
 * data itself cannot be locked, because it possibly does not exist yet.
 */
public final class ProjectLock {

    private ProjectLock() {}

    /**
     * Locks the row of a project until the current transaction ends. Waits while another transaction has the lock.
     *
     * @return whether the project exists
     */
    public static boolean take(JdbcClient jdbc, String projectId) {
        return jdbc.sql("select id from project where id = :projectId for update")
                .param("projectId", projectId)
                .query(String.class)
                .optional()
                .isPresent();
    }

    /**
     * Locks the row of a project with {@link #take}, before something is added to the project.
     *
     * @throws RequestRefusedException if another request has deleted the project
     */
    public static void takeOrRefuse(JdbcClient jdbc, String projectId) {
        if (!take(jdbc, projectId)) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT);
        }
    }
}
