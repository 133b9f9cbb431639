/** The input of operators' functions that go through many users: ranges, segments of a table, cursors. */
package usersapi.operator;
