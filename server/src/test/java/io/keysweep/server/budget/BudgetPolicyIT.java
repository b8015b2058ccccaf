package io.keysweep.server.budget;

import static io.keysweep.server.budget.BudgetScenario.budgetPath;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests who may read and set the budget of a project, and the rules for its document.
 *
 * <p>The budget of a project is the highest number of its sweeps that run at the same time.
 */
@ExtendWith(SharedServicesResolver.class)
class BudgetPolicyIT {

    @Test
    void budget_ofAProject_isSetByAnAdministratorOnly_andReadByTheProject(SharedServices services) {
        TestService service = services.h2();
        Credentials admin = service.newAdministrator("budgets");
        Credentials teamKey = service.project("budgeted");

        assertThat(service.call(admin, "PUT", budgetPath(teamKey), "{\"sweeps\":2}")
                        .body()
                        .get("setBy")
                        .asString())
                .isEqualTo(admin.accessKey());
        assertThat(service.call(teamKey, "GET", budgetPath(teamKey), "")
                        .body()
                        .get("document")
                        .get("sweeps")
                        .asInt())
                .isEqualTo(2);

        // The project can neither change its budget nor read the budget of another project.
        assertThat(service.call(teamKey, "PUT", budgetPath(teamKey), "{\"sweeps\":9}")
                        .status())
                .isEqualTo(403);
        assertThat(service.call(teamKey, "GET", budgetPath(admin), "").status()).isEqualTo(403);

        // Invalid documents and an unknown project are refused.
        Answer refused = service.call(admin, "PUT", budgetPath(teamKey), "{\"sweeps\":0}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().get("detail").asString())
                .isEqualTo("sweeps is '0', must be a whole number from 1 to 1000000.");
        assertThat(service.call(admin, "PUT", budgetPath(teamKey), "{}").status())
                .isEqualTo(400);
        assertThat(service.call(admin, "PUT", "/api/v1/projects/none/budget", "{\"sweeps\":1}")
                        .status())
                .isEqualTo(404);

        // The budget can be removed.
        assertThat(service.call(admin, "DELETE", budgetPath(teamKey), "").status())
                .isEqualTo(204);
        assertThat(service.call(teamKey, "GET", budgetPath(teamKey), "").body().has("document"))
                .isFalse();
    }
}
