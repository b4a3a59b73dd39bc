// Package paper makes what leaves on paper: letters and statements of the association, and reports, each built of plain blocks that
// package document prints. It decides the order and the words; what may leave was decided at the desk.
package paper
