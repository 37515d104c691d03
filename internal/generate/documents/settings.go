package documents

import (
	"fmt"
	"reflect"
	"strings"

	"teamhealth/scorecard"
)

// settings lists the parameters that an objective has, by the names that they have in the rubric file.
func settings(o scorecard.Objective) string {
	var given []string
	values := reflect.ValueOf(o.Parameters)
	for i := range values.NumField() {
		key, _, _ := strings.Cut(values.Type().Field(i).Tag.Get("json"), ",")
		value := values.Field(i)
		switch {
		case value.IsZero():
		case value.Kind() == reflect.Slice:
			given = append(given, code(fmt.Sprintf("%s: %d entries", key, value.Len())))
		default:
			given = append(given, code(fmt.Sprintf("%s: %v", key, value.Interface())))
		}
	}
	return strings.Join(given, ", ")
}
