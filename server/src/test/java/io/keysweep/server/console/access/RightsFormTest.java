package io.keysweep.server.console.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/** Tests the conversion of forms about rights to documents of the API. */
final class RightsFormTest {

    private static final String ORDERS_ID = "11111111-2222-3333-4444-555555555555";
    private static final String EU_WEST_ID = "66666666-2222-3333-4444-555555555555";
    private static final String UNKNOWN_ID = "77777777-2222-3333-4444-555555555555";
    private static final InstanceNames NAMES = new InstanceNames(
            Map.of("orders", ORDERS_ID, "eu west", EU_WEST_ID),
            Map.of(ORDERS_ID, "orders", EU_WEST_ID, "eu west"),
            /* complete= */ true);

    @Test
    void rights_ofAFilledForm_becomeTheDocumentOfTheApi() {
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        form.put("policies", List.of("viewer", "operator"));
        form.set("tags", " env=prod, team=shop ");
        form.set("instances", "");
        form.set("expiresAt", "2027-01-31 12:00");

        assertThat(RightsForm.rights(form, /* isPatch= */ false, NAMES).toString())
                .isEqualTo("{\"policies\":[\"viewer\",\"operator\"],\"tags\":{\"env\":\"prod\",\"team\":\"shop\"},"
                        + "\"expiresAt\":\"2027-01-31T12:00:00Z\"}");
    }

    @Test
    void instances_byNameOrId_becomeIds_andAreShownByName() {
        // The instance orders is in the form twice, by its name and by its id.
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        form.set("instances", "orders, " + ORDERS_ID + "\neu west " + ", " + UNKNOWN_ID);
        assertThat(RightsForm.rights(form, /* isPatch= */ false, NAMES)
                        .get("instances")
                        .toString())
                .isEqualTo("[\"" + ORDERS_ID + "\",\"" + EU_WEST_ID + "\",\"" + UNKNOWN_ID + "\"]");

        // A form that is filled again contains the names.
        assertThat(NAMES.field(List.of(ORDERS_ID, EU_WEST_ID))).isEqualTo("eu west, orders");
        assertThat(NAMES.field(/* instances= */ null)).isEmpty();
        assertThat(NAMES.isGone(ORDERS_ID)).isFalse();
        assertThat(NAMES.isGone(UNKNOWN_ID)).isTrue();

        // An unknown name is refused.
        form.set("instances", "orders, shop");
        assertThatThrownBy(() -> RightsForm.rights(form, /* isPatch= */ false, NAMES))
                .hasMessageContaining("instances is 'shop', must be the name or the id of an instance.");
    }

    @Test
    void rights_ofAChangeWithEmptyFields_removeTheLimitAndTheExpiry() {
        // In a change, null removes a value. A new key has no such value.
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        form.set("expiresAt", " ");
        assertThat(RightsForm.rights(form, /* isPatch= */ true, NAMES).toString())
                .isEqualTo("{\"policies\":[],\"instances\":null,\"expiresAt\":null}");
        assertThat(RightsForm.rights(form, /* isPatch= */ false, NAMES).toString())
                .isEqualTo("{\"policies\":[]}");

        // A text that is no time is sent as it is, so that the API refuses it.
        form.set("expiresAt", "tomorrow");
        assertThat(RightsForm.rights(form, /* isPatch= */ true, NAMES)
                        .get("expiresAt")
                        .stringValue())
                .isEqualTo("tomorrow");
    }

    @Test
    void policy_ofRows_hasTheStatementsOfTheFilledRows() {
        // The second of three rows is empty.
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        for (int i = 0; i < 3; i++) {
            form.set("effect-" + i, i == 2 ? "deny" : "allow");
            form.set("actions-" + i, i == 1 ? "" : "dcs:*, dcs:instance:list\ndcs:*");
        }
        List<RightsForm.StatementRow> rows = RightsForm.rows(form);

        assertThat(RightsForm.policy(rows, NAMES).toString())
                .isEqualTo("{\"statements\":[{\"effect\":\"allow\",\"actions\":[\"dcs:*\",\"dcs:instance:list\"]},"
                        + "{\"effect\":\"deny\",\"actions\":[\"dcs:*\",\"dcs:instance:list\"]}]}");
        assertThat(RightsForm.withEmptyRows(rows)).hasSize(4).last().matches(RightsForm.StatementRow::isEmpty);
    }

    @Test
    void rows_moreThanTheApiAllows_areAllRead() {
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        int filledRows = 52;
        for (int i = 0; i < filledRows; i++) {
            form.set("effect-" + i, "allow");
            form.set("actions-" + i, "dcs:instance:list");
        }

        assertThat(RightsForm.rows(form)).hasSize(filledRows);
    }
}
